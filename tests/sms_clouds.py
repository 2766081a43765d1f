"""Servers that speak as the clouds of the SMS gateways do, and check who asks.

Signatures are worked out from the clouds' own documentation, not by their SDKs.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

KEY_ID = "the-key"
SECRET = "the-secret"
Answer = tuple[int, dict[str, Any]]


@dataclass
class Cloud:
    """`asked` has what came with a right signature; `answer` says what is answered to it."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    forged: int = 0
    answer: Callable[[dict[str, Any]], Answer] = lambda _asked: (500, {})
    # Seconds that pass before the answer, and within it.
    wait: float = 0
    stall: float = 0


@contextmanager
def cloud(read: Callable[["Handler"], dict[str, Any] | None]) -> Iterator[Cloud]:
    """`read` gives what a request asks for, or None when its signature is wrong."""
    state = Cloud()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Of", (Handler,), {"cloud": state}))
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    server.RequestHandlerClass.read = staticmethod(read)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    cloud: Cloud
    read: Callable[["Handler"], dict[str, Any] | None]
    protocol_version = "HTTP/1.1"
    body = b""

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        asked = type(self).read(self)
        if asked is None:
            self.cloud.forged += 1
            self._reply(403, {"Code": "SignatureDoesNotMatch", "Message": "no"})
            return
        self.cloud.asked.append(asked)
        time.sleep(self.cloud.wait)
        self._reply(*self.cloud.answer(asked))

    def do_GET(self) -> None:
        self.do_POST()

    def _reply(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self.cloud.stall:
            self.wfile.write(data[:5])
            self.wfile.flush()
            time.sleep(self.cloud.stall)
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        pass


def body_of(handler: Handler) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(handler.body)
    return body


def read_alibaba(handler: Handler) -> dict[str, Any] | None:
    """The query of a request in ACS3-HMAC-SHA256."""
    parts = urlsplit(handler.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    scheme, _space, rest = handler.headers.get("authorization", "").partition(" ")
    given = dict(part.split("=", 1) for part in rest.split(","))
    names = given["SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            "POST",
            parts.path,
            "&".join(
                f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items())
            ),
            *(f"{name}:{handler.headers[name].strip()}" for name in names),
            "",
            given["SignedHeaders"],
            hashlib.sha256(handler.body).hexdigest(),
        ]
    )
    signed = f"{scheme}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    right = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return query if (given["Credential"], given["Signature"]) == (KEY_ID, right) else None


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def read_tencent(handler: Handler) -> dict[str, Any] | None:
    """The body of a request in TC3-HMAC-SHA256."""
    scheme, _space, rest = handler.headers.get("authorization", "").partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    key_id, date, service, _end = given["Credential"].split("/")
    names = given["SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            *(f"{name}:{handler.headers[name]}" for name in names),
            "",
            given["SignedHeaders"],
            hashlib.sha256(handler.body).hexdigest(),
        ]
    )
    signed = "\n".join(
        [
            scheme,
            handler.headers["x-tc-timestamp"],
            f"{date}/{service}/tc3_request",
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = b"TC3" + SECRET.encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    right = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    return body_of(handler) if (key_id, given["Signature"]) == (KEY_ID, right) else None


def alibaba_ok(_asked: dict[str, Any]) -> Answer:
    return 200, {"Code": "OK", "Message": "OK", "BizId": "90061^0", "RequestId": "R-1"}


def alibaba_says(code: str, status: int = 200) -> Callable[[dict[str, Any]], Answer]:
    return lambda _asked: (status, {"Code": code, "Message": "…", "RequestId": "R-1"})


def tencent_ok(asked: dict[str, Any]) -> Answer:
    return tencent_says("Ok")(asked)


def tencent_says(code: str) -> Callable[[dict[str, Any]], Answer]:
    """The answer about one number."""

    def answer(asked: dict[str, Any]) -> Answer:
        status = {
            "SerialNo": "5000:1",
            "PhoneNumber": asked["PhoneNumberSet"][0],
            "Fee": 1,
            "SessionContext": asked.get("SessionContext", ""),
            "Code": code,
            "Message": "…",
            "IsoCode": "CN",
        }
        return 200, {"Response": {"SendStatusSet": [status], "RequestId": "R-1"}}

    return answer


def tencent_refuses(code: str) -> Callable[[dict[str, Any]], Answer]:
    """The answer about the whole request."""
    error = {"Error": {"Code": code, "Message": "…"}, "RequestId": "R-1"}
    return lambda _asked: (200, {"Response": error})
