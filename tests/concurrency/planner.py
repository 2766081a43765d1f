"""One process of a race among planners and citizens: `python -m tests.concurrency.planner '{…}'`.

Beside what citizens do, it applies and ends a surge at all offices, those of an even seed in the
opposite order; changes hours in a way that nobody has published yet; and publishes an office.
"""

import datetime as dt
from typing import Any, TextIO

from tests.concurrency.worker import Worker, main

# Half of the days that have windows, so that a surge leaves others to publish.
SURGE_DAY = dt.date(2026, 8, 5)


class Planner(Worker):
    def __init__(self, config: dict[str, Any], answers: TextIO) -> None:
        super().__init__(config, answers)
        from offices.models import Office, SurgePlan

        self.plan = SurgePlan.objects.get(code=f"surge-{config['seed']}")
        self.offices = list(Office.objects.order_by("pk"))
        if config["seed"] % 2 == 0:
            self.offices.reverse()

    def surge(self) -> None:
        from bookings.domain import surges
        from bookings.domain.parties import SYSTEM
        from offices.models import SurgePeriod

        said: dict[str, Any] = {"reason": "高峰", "actor": SYSTEM, "now": self.now}

        def action() -> dict[str, Any]:
            surges.apply(self.plan, self.offices, SURGE_DAY, SURGE_DAY, **said)
            periods = SurgePeriod.objects.filter(plan=self.plan, ended_at=None)
            surges.end(periods.select_related("office"), **said)
            return {}

        self.attempt("surge", action)

    def rewrite(self) -> None:
        """What the next publishing finds to do at windows of every day."""
        from offices.models import OpeningHours

        hours = OpeningHours.objects.filter(office=self.random.choice(self.offices))
        self.attempt(
            "rewrite", lambda: {"rows": hours.update(capacity=self.random.randint(20, 60))}
        )

    def publish(self) -> None:
        from bookings.domain.publishing import publish

        office = self.random.choice(self.offices)
        self.attempt("publish", lambda: {"conflicts": len(publish(office, self.now).conflicts)})


if __name__ == "__main__":
    main(Planner)
