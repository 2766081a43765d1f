import csv
import io
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.domain.sheet import UnknownEncoding, decoded
from bookings.domain.sites import SitesChange, take_over_sites, totals
from offices.models import Bureau


class Command(BaseCommand):
    help = "Takes self-service sites and their machines over from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--bureau", required=True, help="code of the bureau they belong to")
        parser.add_argument("--reason", required=True, help="kept with the change")
        parser.add_argument("--dry-run", action="store_true", help="say what it would change")

    def handle(self, *args: Any, **options: Any) -> None:
        bureau = Bureau.objects.filter(code=options["bureau"]).first()
        if bureau is None:
            raise CommandError(f"There is no bureau {options['bureau']}.")
        change = SitesChange(bureau, options["reason"], None, timezone.now())
        outcome = take_over_sites(_read(options["file"]), change, dry=options["dry_run"])
        for problem in outcome.problems:
            self.stderr.write(f"line {problem.line} {problem.column}: {problem.text}")
        if outcome.problems:
            raise CommandError("Nothing was saved.")
        found = totals(bureau)
        self.stdout.write(f"{outcome.changed} changed, {outcome.same} as they were")
        self.stdout.write(f"{bureau.code}: {found.sites} sites, {found.machines} machines")


def _read(path: Path) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(decoded(path.read_bytes()))))
    except (OSError, UnknownEncoding, csv.Error) as error:
        raise CommandError(f"{path} can't be read as CSV.") from error
