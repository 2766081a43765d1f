from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.domain.publishing import PublishReport, publish, publish_all
from offices.models import Office


class Command(BaseCommand):
    help = "Publishes the slots of all offices, or of one, up to the end of their horizon."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        code = options["office"]
        report = publish(_office(code), now) if code else publish_all(now)
        if options["verbosity"]:
            self._tell(report)

    def _tell(self, report: PublishReport) -> None:
        self.stdout.write(
            f"{report.created} created, {report.changed} changed, {report.removed} removed, "
            f"{len(report.conflicts)} conflicts"
        )
        for conflict in report.conflicts:
            self.stdout.write(
                f"slot {conflict.slot_id} at {conflict.starts_at:%Y-%m-%d %H:%M}Z: "
                f"{conflict.kind.label}, {conflict.bookings} bookings"
            )


def _office(code: str) -> Office:
    try:
        return Office.objects.get(code=code)
    except Office.DoesNotExist:
        raise CommandError(f"There is no office {code}.") from None
