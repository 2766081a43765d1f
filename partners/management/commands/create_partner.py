"""`manage.py create_partner NAME --scopes a,b --office CODE …` prints a key once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.domain.registration import register
from partners.enums import Scope


class Command(BaseCommand):
    help = "Register an integrator, or give one that is registered another key. Prints the key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The integrator's name, e.g. “114 desk”.")
        parser.add_argument(
            "--scopes", required=True, help=f"Separated by commas: {', '.join(Scope.values)}."
        )
        parser.add_argument(
            "--office",
            dest="offices",
            metavar="CODE",
            nargs="+",
            action="extend",
            default=[],
            help="Offices that the integrator may reach.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            key, token = register(options["name"], scopes, options["offices"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(f"Key {key.prefix} of {key.partner}: {', '.join(key.scopes)}.")
        self.stderr.write("It is shown this once; keep it secret:")
        self.stdout.write(token)
