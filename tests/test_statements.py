"""What each page asks of the database: some statements, and no more where there is more to show."""

from collections.abc import Iterable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Account
from bookings.models import Slot
from tests.bookings.bureau import test_access as bureau_pages
from tests.bookings.desk import test_access as desk_pages
from tests.citizens import confirmed, draft, make_member
from tests.every_page import local_windows, make_world
from tests.factories import make_office
from tests.requests import make_pdf, make_urgent, make_visit
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
# Caches are empty: a process that runs keeps what doesn't change.
MOST = 40


def statements(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """How many each page takes, sign-in and session included."""
    counts = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts[address] = len(asked)
    return counts


def above(limits: dict[str, int], counts: dict[str, int]) -> dict[str, int]:
    return {address: count for address, count in counts.items() if count > limits[address]}


def test_every_page_of_citizens_asks_little_however_much_there_is() -> None:
    office = make_office()
    windows = local_windows(office)
    client, addresses = make_world(office, windows)
    few = statements(client, addresses.values())
    assert above(dict.fromkeys(few, MOST), few) == {}
    add_more(client, windows)
    assert above(few, statements(client, addresses.values())) == {}


def add_more(client: Client, windows: list[Slot]) -> None:
    """Three more of everything that somebody can have."""
    account = Account.objects.get(pk=client.session["_auth_user_id"])
    kept = client.session["draft"]
    people = [make_member(account, f"演示{name}", relation="other") for name in "戊己庚"]
    for person in people:
        confirmed(client, windows[1], [person])
        make_urgent(windows[0].office, account=account, files=[make_pdf()], now=timezone.now())
        make_visit(windows[0].office, account=account, now=timezone.now())
    draft(client, **kept)


def test_every_page_of_staff_asks_little(client: Client) -> None:
    office = make_office()
    things = desk_pages.things_of(office)
    of_bureau = bureau_pages.things_of(office.bureau)
    sign_in(client, make_staff(bureau=office.bureau))
    desk = [desk_pages.address(name, office, things) for name in desk_pages.PAGES]
    opened = bureau_pages.opened_to("supervisor")
    bureau = [bureau_pages.address(name, office.bureau, of_bureau) for name in opened]
    counts = statements(client, [*desk, *bureau])
    assert above(dict.fromkeys(counts, MOST), counts) == {}
