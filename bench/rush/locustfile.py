"""Citizens at eight o'clock: from the first question to the confirmation, page by page.

Locust runs this file in an environment of its own (bench/requirements.txt), so it imports nothing
of ours but its neighbour. BENCH_RUSH names a file of JSON: where the crowd stands, the office that
it wants, where outcomes go, and the mailbox that codes come to. People come one after the other, as
long as there are any; each gets a session with cookies, and answers forms as a browser would.
Nobody stops to think.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import gevent
from locust import FastHttpUser, constant, events, task
from locust.exception import StopUser
from markup import free_choices, token_of
from requests.cookies import create_cookie

SERVICE = "passport-first"
# Somebody whom the similar times have failed so often goes home.
MOST_ATTEMPTS = 20
CODE_SECONDS = 60
# A mobile carrier puts so many people behind one address.
BEHIND_ONE_ADDRESS = 50

plan: dict[str, Any] = json.loads(Path(os.environ["BENCH_RUSH"]).read_text())
choose = random.Random(1).choice


def coming() -> Iterator[dict[str, Any]]:
    with Path(plan["crowd"]).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


crowd = coming()


class Mailbox:
    """What was delivered, by recipient."""

    def __init__(self, path: str) -> None:
        self.codes: dict[str, str] = {}
        self.path = Path(path)

    def read(self) -> None:
        self.path.touch()
        with self.path.open() as lines:
            while True:
                if line := lines.readline():
                    message = json.loads(line)
                    self.codes[message["to"]] = message["code"]
                else:
                    gevent.sleep(0.02)

    def wait_for_code(self, phone: str) -> str:
        deadline = time.monotonic() + CODE_SECONDS
        while phone not in self.codes:
            if time.monotonic() > deadline:
                raise Stuck("no code came")
            gevent.sleep(0.02)
        return self.codes.pop(phone)


mailbox = Mailbox(plan["mailbox"])


@events.test_start.add_listener
def _open_mailbox(**_: Any) -> None:
    gevent.spawn(mailbox.read)


class Stuck(Exception):
    """The product answered something that leaves no way on."""


class Citizen(FastHttpUser):
    """One browser at a time, and one person after the other."""

    wait_time = constant(0)
    network_timeout = connection_timeout = 60.0
    present = 0

    def on_start(self) -> None:
        Citizen.present += 1
        # Our own proxy took the request by TLS, so the product marks its cookies as secure.
        self.client.cookiejar.set_policy(DefaultCookiePolicy(secure_protocols=("http", "https")))

    def on_stop(self) -> None:
        Citizen.present -= 1
        if not Citizen.present:
            self.environment.runner.quit()

    @task
    def come(self) -> None:
        person = next(crowd, None)
        if person is None:
            raise StopUser
        self.begin(person)
        self.reopened = 0
        begun = time.time()
        try:
            outcome = self.walk(person)
        except Stuck as error:
            outcome = f"stuck: {error}"
        line = {
            "person": person["serial"],
            "outcome": outcome,
            "begun": begun,
            "ended": time.time(),
            "reopened": self.reopened,
        }
        with Path(plan["outcomes"]).open("a", encoding="utf-8") as outcomes:
            outcomes.write(json.dumps(line) + "\n")

    def begin(self, person: dict[str, Any]) -> None:
        host = urlsplit(self.host)
        behind = person["serial"] // BEHIND_ONE_ADDRESS
        self.headers = {
            "Accept-Encoding": "gzip",
            "Accept-Language": "zh-CN",
            "Origin": f"https://{host.netloc}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": f"10.{behind >> 16 & 255}.{behind >> 8 & 255}.{behind & 255}",
        }
        self.client.cookiejar.clear()
        if "session" in person:
            self.client.cookiejar.set_cookie(
                create_cookie("sessionid", person["session"], domain=host.hostname)
            )

    def walk(self, person: dict[str, Any]) -> str:
        """ "booked", "full", or Stuck."""
        if "session" not in person:
            self.sign_in(person)
        self.answer("what", "/book/", services=SERVICE, purpose="tourism")
        if "session" not in person:
            self.register(person)
        self.answer("who", "/book/people/")
        self.answer("where", "/book/office/", office=plan["office"])
        return self.choose_time()

    def sign_in(self, person: dict[str, Any]) -> None:
        entrance = "/sign-in/?next=%2Fbook%2F"
        self.answer("contact", entrance, contact=person["phone"])
        page = self.open("code", "/sign-in/code/")
        code = mailbox.wait_for_code(person["phone"])
        self.send("code", "/sign-in/code/", page, code=code)

    def register(self, person: dict[str, Any]) -> None:
        self.answer("agree", "/privacy/consent/?next=%2Fhousehold%2Fadd%2F", sensitive="on")
        self.answer(
            "register",
            "/household/add/?next=%2Fbook%2Fpeople%2F",
            relation="self",
            name=person["name"],
            id_type="resident_id",
            id_number=person["id_number"],
            priority="none",
        )

    def choose_time(self) -> str:
        where, page = "/book/time/", self.open("when", "/book/time/")
        for _attempt in range(MOST_ATTEMPTS):
            windows = free_choices(page, "slot")
            if not windows:
                return "full"
            where = self.send("when", where, page, slot=choose(windows))
            if where.endswith("/check/"):
                return self.confirm(where)
            page = self.open("full", where)
        return "full"

    def confirm(self, where: str) -> str:
        page = self.open("check", where)
        confirmed = self.send("confirm", where.replace("/check/", "/confirm/"), page)
        self.open("confirmed", confirmed)
        return "booked"

    def answer(self, step: str, path: str, **answers: str) -> str:
        """Open a page, and send its form; where that leads. Without answers, the first choice."""
        page = self.open(step, path)
        if not answers:
            answers = {"people": free_choices(page, "people")[0]}
        return self.send(step, path, page, **answers)

    def open(self, step: str, path: str) -> str:
        with self.client.get(
            path, name=step, headers=self.headers, allow_redirects=False, catch_response=True
        ) as response:
            if response.status_code != 200:
                response.failure(f"status {response.status_code}")
                raise Stuck(f"{step}: {response.status_code}")
            return str(response.text)

    def send(self, step: str, path: str, page: str, **answers: str) -> str:
        body = urlencode({"csrfmiddlewaretoken": token_of(page), **answers})
        for reopened in (False, True):
            with self.client.post(
                path,
                data=body,
                name=step,
                headers={**self.headers, "Content-Type": "application/x-www-form-urlencoded"},
                allow_redirects=False,
                catch_response=True,
            ) as response:
                if response.status_code == 302:
                    return str(response.headers["Location"])
                if response.status_code == 0 and not reopened:
                    # The server had closed the idle connection: browsers open another.
                    self.reopened += 1
                    response.success()
                    continue
                response.failure(f"status {response.status_code}")
        raise Stuck(f"{step}: answered {response.status_code}")
