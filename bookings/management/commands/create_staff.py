"""`manage.py create_staff USERNAME --role ROLE --office CODE` prints a first password once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.domain.staffing import invite
from offices.enums import Role
from offices.models import Bureau, Office


class Command(BaseCommand):
    help = (
        "Give somebody a role at an office or over a bureau, and an account if they have none. "
        "They set up their authenticator at the first sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="As colleagues read it in the history.")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--reset", action="store_true", help="New password and new authenticator."
        )
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--office", metavar="CODE")
        place.add_argument("--bureau", metavar="CODE", help="And all offices below it.")

    def handle(self, *args: Any, **options: Any) -> None:
        place = _find(options["office"], options["bureau"])
        invitation = invite(
            options["username"], options["name"], options["role"], place, reset=options["reset"]
        )
        label = Role(options["role"]).label
        self.stderr.write(f"{invitation.account.username}: {label}, {place.label}.")
        if invitation.password:
            self.stderr.write("The password is shown this once; they change it after signing in:")
            self.stdout.write(invitation.password)


def _find(office: str | None, bureau: str | None) -> Office | Bureau:
    model: type[Office] | type[Bureau] = Office if office else Bureau
    place = model.objects.filter(code=office or bureau).first()
    if place is None:
        known = ", ".join(model.objects.values_list("code", flat=True))
        raise CommandError(f"There is no {office or bureau}. Known codes: {known or 'none'}.")
    return place
