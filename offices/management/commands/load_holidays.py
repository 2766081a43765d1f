from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from offices.domain.calendar import YEARS, import_holidays


class Command(BaseCommand):
    help = "Loads public holidays and make-up workdays; run it again when a year is announced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, default=YEARS)

    def handle(self, *args: Any, **options: Any) -> None:
        for year in options["years"]:
            try:
                count = import_holidays(year)
            except LookupError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{year}: {count} days")
