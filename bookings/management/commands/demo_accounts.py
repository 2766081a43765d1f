"""manage.py demo_accounts: the demo staff and how to sign in as them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applicants.domain.demo import DemoOnly, demo_totp_codes, give_demo_account
from offices.enums import Role
from offices.models import Bureau, Membership, Office

# Username, name, role, and the code of an office or bureau.
AT_OFFICES = [
    ("supervisor-xiamen", "演示主管（厦门）", Role.SUPERVISOR, "xiamen-zhenhai"),
    ("supervisor-harbin", "演示主管（哈尔滨）", Role.SUPERVISOR, "harbin-city"),
    ("clerk-xiamen", "演示话务员（厦门）", Role.CLERK, "xiamen-zhenhai"),
]
OVER_BUREAUS = [
    ("overseer", "演示督查（厦门）", Role.OVERSEER, "xiamen"),
    ("planner", "演示计划员（厦门）", Role.PLANNER, "xiamen"),
    ("security", "演示安全管理员（厦门）", Role.SECURITY_ADMIN, "xiamen"),
]


class Command(BaseCommand):
    help = "Make the demo staff, or set them back, and print how to sign in. Needs DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            give_demo_staff()
        except DemoOnly:
            raise CommandError(
                "These accounts have a public password: they are made under DEMO=1 only."
            ) from None
        for staff in demo_totp_codes(timezone.now()):
            self.stdout.write(
                f"{staff.username:<20} {staff.password}  code {staff.code}  secret {staff.secret}"
            )


def give_demo_staff() -> None:
    """Accounts and memberships of the demo staff; an office that isn't loaded is left out."""
    for username, name, role, code in AT_OFFICES:
        account = give_demo_account(username, name)
        if office := Office.objects.filter(code=code).first():
            Membership.objects.get_or_create(account=account, role=role, office=office)
    for username, name, role, code in OVER_BUREAUS:
        account = give_demo_account(username, name)
        if bureau := Bureau.objects.filter(code=code).first():
            Membership.objects.get_or_create(account=account, role=role, bureau=bureau)
