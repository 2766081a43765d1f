"""One process of a race: `python -m tests.concurrency.worker '{"seed": 1, …}'`.

It writes a line of JSON for everything that it was answered, so that what it was told can be
compared with what the database holds, even when it is killed.
"""

import datetime as dt
import itertools
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import django


class Worker:
    """A crowd of one process: books, holds, confirms, cancels, moves, and cuts quotas."""

    def __init__(self, config: dict[str, Any], answers: TextIO) -> None:
        self.random = random.Random(config["seed"])
        self.slots: list[int] = config["slots"]
        self.largest: int = config["largest"]
        self.now = dt.datetime.fromisoformat(config["now"])
        self.answers = answers
        self.placed: list[int] = []
        self.held: list[int] = []

    def answer(self, verb: str, outcome: str, **details: Any) -> None:
        print(json.dumps({"verb": verb, "outcome": outcome, **details}), file=self.answers)
        self.answers.flush()

    def attempt(
        self,
        verb: str,
        action: Callable[[], dict[str, Any]],
        changing: int | None = None,
        **details: Any,
    ) -> None:
        """`changing` is the booking that it is about: what a kill makes of it isn't known."""
        from bookings.domain.errors import BookingError

        if changing is not None:
            self.answer(verb, "begun", booking=changing)
        try:
            self.answer(verb, "done", **details, **action())
        except BookingError as refusal:
            self.answer(verb, refusal.code, **details)
        except Exception as error:
            self.answer(verb, "error", error=f"{type(error).__name__}: {error}")

    def book(self, channel: str = "web") -> None:
        size = self.random.randint(1, self.largest)
        self.attempt("book", lambda: self._promise("book", size, channel), size=size)

    def hold(self) -> None:
        """Half of the holds are old enough to have expired for everybody else."""
        size = self.random.randint(1, self.largest)
        self.attempt("hold", lambda: self._promise("hold", size), size=size)

    def _promise(self, verb: str, size: int, channel: str = "web") -> dict[str, Any]:
        from bookings.domain import promise
        from bookings.domain.parties import SYSTEM
        from bookings.models import Slot
        from tests.factories import make_party

        slot = Slot(pk=self.random.choice(self.slots))
        party = make_party(slot, size, channel=channel)
        if verb == "book":
            booking = promise.book(party, SYSTEM, self.now)
            self.placed.append(booking.pk)
        else:
            age = dt.timedelta(minutes=self.random.choice([0, 11]))
            booking = promise.hold_places(party, SYSTEM, self.now - age)
            self.held.append(booking.pk)
        return {"booking": booking.pk, "status": booking.status}

    def confirm(self) -> None:
        from bookings.domain import lifecycle
        from bookings.domain.parties import SYSTEM

        if self.held:
            booking_id = self.held.pop()

            def action() -> dict[str, Any]:
                booking = lifecycle.confirm(booking_id, SYSTEM, self.now)
                self.placed.append(booking_id)
                return {"booking": booking.pk, "status": booking.status}

            self.attempt("confirm", action, booking_id)

    def cancel(self) -> None:
        from bookings.domain import lifecycle
        from bookings.domain.parties import SYSTEM

        if self.placed:
            booking_id = self.placed.pop(self.random.randrange(len(self.placed)))

            def action() -> dict[str, Any]:
                booking = lifecycle.cancel(booking_id, SYSTEM, self.now)
                return {"booking": booking.pk, "status": booking.status}

            self.attempt("cancel", action, booking_id)

    def move(self) -> None:
        from bookings.domain import lifecycle
        from bookings.domain.parties import SYSTEM

        if self.placed:
            booking_id = self.random.choice(self.placed)
            slot_id = self.random.choice(self.slots)

            def action() -> dict[str, Any]:
                booking = lifecycle.reschedule(booking_id, slot_id, SYSTEM, self.now)
                return {"booking": booking.pk, "status": booking.status, "slot": slot_id}

            self.attempt("move", action, booking_id)

    def leave(self) -> None:
        """One of the party, who may have left already."""
        from bookings.domain import leaving
        from bookings.domain.parties import SYSTEM

        if self.placed:
            booking_id = self.random.choice(self.placed)
            position = self.random.randrange(self.largest)

            def action() -> dict[str, Any]:
                booking = leaving.leave(booking_id, [position], SYSTEM, self.now)
                return {"booking": booking.pk, "status": booking.status}

            self.attempt("leave", action)

    def expire(self) -> None:
        from bookings.domain import lifecycle

        self.attempt("expire", lambda: {"count": lifecycle.expire_holds(self.now)})

    def cut(self) -> None:
        """Lower a quota by a few, or raise it again, as staff would while people book."""
        from bookings.domain import allocation
        from bookings.models import Quota

        def action() -> dict[str, Any]:
            quota = Quota.objects.get(slot=self.random.choice(self.slots), pool="online")
            capacity = max(0, quota.capacity + self.random.choice([-3, -1, 2]))
            return {"changed": allocation.set_capacity(quota.pk, capacity, quota.version)}

        self.attempt("cut", action)


def remove_the_guard() -> None:
    """Look first and write afterwards, as the code would without its conditional UPDATE."""
    from bookings.domain import allocation
    from bookings.models import Quota

    def take(quota_id: int, places: int) -> bool:
        quota = Quota.objects.get(pk=quota_id)
        if quota.left < places:
            return False
        time.sleep(0.005)
        Quota.objects.filter(pk=quota_id).update(taken=quota.taken + places)
        return True

    allocation._take = take


def main(kind: type[Worker] = Worker) -> None:
    config = json.loads(sys.argv[1])
    django.setup()
    from tests import factories

    factories._sequence = itertools.count(config["seed"] * 10_000)
    if not config["guarded"]:
        remove_the_guard()
    folder = Path(config["folder"])
    with (folder / f"answers-{config['seed']}").open("w") as answers:
        worker = kind(config, answers)
        (folder / f"ready-{config['seed']}").touch()
        while not (folder / "go").exists():
            time.sleep(0.001)
        verbs = worker.random.choices(
            list(config["verbs"]), weights=list(config["verbs"].values()), k=config["steps"]
        )
        for verb in verbs:
            name, *arguments = verb.split(":")
            getattr(worker, name)(*arguments)
            time.sleep(config["pause"])


if __name__ == "__main__":
    main()
