"""One process of a busy day: `python -m tests.concurrency.office_day '{"role": "citizens", …}'`.

Either one supervisor, or a crowd of citizens with a thread for each. They go on for some seconds.
"""

import itertools
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

import django

from tests.concurrency.worker import Worker

CITIZEN = {"book": 40, "hold": 15, "confirm": 10, "cancel": 20, "move": 20, "expire": 1}
SUPERVISOR = {"set_one": 50, "over_a_range": 15, "share_out": 10, "add": 10, "freeze": 5, "shut": 5}
# How long a person looks before acting: two supervisors see the same, and one is too late.
LOOKS = 0.03
PERCENT = (-30, -10, 10, 30)
SHARES = (
    {"online": 60, "assisted": 10, "walk_in": 30},
    {"online": 80, "assisted": 10, "walk_in": 10},
)


class Supervisor(Worker):
    """Changes numbers that it has looked at for a moment, in every way that the desk has.

    For each number that was set it notes what it had seen: `edits` are quota, version seen,
    capacity seen and capacity wanted. Nothing is set where somebody else has just set the same.
    """

    def __init__(self, config: dict[str, Any], answers: TextIO) -> None:
        super().__init__(config, answers)
        from applicants.models import Account
        from bookings.domain.parties import Actor
        from bookings.models import Slot

        self.actor = Actor(operator=Account.objects.get(username=config["username"]))
        self.slot = Slot.objects.select_related("office", "line").get(pk=self.slots[0])
        self.said = {"reason": "调整", "actor": self.actor, "now": self.now}

    def attempt(self, verb: str, action: Any, **details: Any) -> None:
        from bookings.domain.quotas import QuotasRefused

        def refusable() -> dict[str, Any]:
            try:
                return {"edits": action()}
            except QuotasRefused as refused:
                raise refused.refusals[0] from None

        super().attempt(verb, refusable, **details)

    def look(self) -> list[Any]:
        from bookings.models import Quota

        quotas = list(Quota.objects.filter(slot__in=self.slots).order_by("pk"))
        time.sleep(self.random.random() * LOOKS)
        return quotas

    def set_one(self) -> None:
        from bookings.domain.quotas import QuotaEdit, set_quotas

        quota = self.random.choice(self.look())
        places = max(0, quota.capacity + self.random.choice([-3, -1, 2, 4]))

        def action() -> list[list[int]]:
            edit = QuotaEdit(quota.pk, places, quota.version)
            changes = set_quotas([edit], **self.said)
            return [[quota.pk, quota.version, quota.capacity, places] for _change in changes]

        if places != quota.capacity:
            self.attempt("set_one", action)

    def _range(self) -> Any:
        from bookings.domain.ranges import Range

        day = self.slot.date
        pools = frozenset({"online", "walk_in"})
        return Range(self.slot.office, self.slot.line, pools, day, day)

    def over_a_range(self) -> None:
        from bookings.domain.ranges import RangeChange, change_range, plan_range
        from bookings.enums import RangeVerb

        change = RangeChange(RangeVerb.PERCENT, self.random.choice(PERCENT))
        steps = [step for step in plan_range(self._range(), change, self.now) if step.changes]
        time.sleep(self.random.random() * LOOKS)

        def action() -> list[list[int]]:
            seen = {step.quota.pk: step.quota.version for step in steps}
            changed = change_range(self._range(), change, seen, **self.said)
            if changed < len(steps):
                return []
            return [
                [step.quota.pk, step.quota.version, step.quota.capacity, step.capacity]
                for step in steps
            ]

        self.attempt("over_a_range", action)

    def share_out(self) -> None:
        from bookings.domain.splitting import split_day

        seen = {quota.pk: quota for quota in self.look()}
        versions = {pk: quota.version for pk, quota in seen.items()}
        shares = self.random.choice(SHARES)

        def action() -> list[list[int]]:
            slot = self.slot
            changes = split_day(slot.office, slot.line, slot.date, shares, versions, **self.said)
            return [
                [pk, versions[pk], seen[pk].capacity, each.to_capacity]
                for each in changes
                for pk in [each.quota_id]
            ]

        self.attempt("share_out", action)

    def add(self) -> None:
        from bookings.domain.adding import Addition, add_numbers

        addition = Addition(self.slot.office, self.slot.line, self.slot.date, 3)

        def action() -> list[list[int]]:
            add_numbers(addition, **self.said)
            return []

        self.attempt("add", action)

    def freeze(self) -> None:
        from bookings.domain.freezing import freeze, thaw

        versions = {quota.pk: quota.version for quota in self.look() if quota.pool == "online"}
        switch = self.random.choice([freeze, thaw, thaw])

        def action() -> list[list[int]]:
            switch(versions, **self.said)
            return []

        self.attempt("freeze", action)

    def shut(self) -> None:
        from bookings.domain.closing import close_slots, reopen_slots

        slots = self.random.sample(self.slots, 2)

        def action() -> list[list[int]]:
            close_slots(slots, **self.said)
            reopen_slots(slots, **self.said)
            return []

        self.attempt("shut", action)


def remove_the_guard() -> None:
    """Save whatever was typed, as the code would if nobody compared versions."""
    from django.db.models import F

    from bookings.domain import allocation
    from bookings.models import Quota

    def set_capacities(wanted: Sequence[allocation.NewCapacity]) -> set[int]:
        done = set()
        for quota_id, capacity, _version, edited in wanted:
            quotas = Quota.objects.filter(pk=quota_id, taken__lte=capacity)
            if quotas.update(capacity=capacity, version=F("version") + 1, edited=edited):
                done.add(quota_id)
        return done

    allocation.set_capacities = set_capacities


def go_on(config: dict[str, Any], number: int) -> None:
    """One person's day."""
    from django.db import connection

    supervises = config["role"] == "supervisor"
    verbs = SUPERVISOR if supervises else CITIZEN
    path = Path(config["folder"]) / f"answers-{config['seed']}-{number}"
    with path.open("w") as answers:
        mine = {**config, "seed": config["seed"] * 1000 + number}
        person = (Supervisor if supervises else Worker)(mine, answers)
        try:
            while time.monotonic() < config["until"]:
                [verb] = person.random.choices(list(verbs), weights=list(verbs.values()))
                getattr(person, verb)()
                time.sleep(person.random.random() * config["pause"])
        finally:
            connection.close()


def main() -> None:
    config = json.loads(sys.argv[1])
    django.setup()
    from tests import factories

    factories._sequence = itertools.count(config["seed"] * 10_000)
    if not config["guarded"]:
        remove_the_guard()
    folder = Path(config["folder"])
    (folder / f"ready-{config['seed']}").touch()
    while not (folder / "go").exists():
        time.sleep(0.001)
    config["until"] = time.monotonic() + config["seconds"]
    with ThreadPoolExecutor(config["people"]) as crowd:
        list(crowd.map(go_on, [config] * config["people"], range(config["people"])))


if __name__ == "__main__":
    main()
