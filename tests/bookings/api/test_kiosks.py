"""Community kiosks book through the API and say where they stand."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from bookings.models import Booking, BookingEvent, Slot
from offices.enums import Role, SiteKind
from offices.models import SelfServiceSite
from tests.api import booking_body, make_client
from tests.factories import NOW, make_bureau, make_slot
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
URL = "/api/v1/bookings/"
TUESDAY = "/desk/xiamen-zhenhai/reports/?first=2026-08-04&last=2026-08-04"


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def make_kiosk(number: int, **fields: Any) -> SelfServiceSite:
    return SelfServiceSite.objects.create(
        code=f"store-{number:03}",
        bureau=make_bureau(),
        kind=SiteKind.STORE,
        name=f"社区便利店{number}",
        city="厦门",
        **fields,
    )


def book_at(slot: Slot, *serials: int, **fields: Any) -> Any:
    return make_client().post(URL, booking_body(slot.pk, *serials, **fields))


@pytest.mark.row("XM-14")
def test_kiosk_12_books_and_the_report_groups_by_site() -> None:
    slot = make_slot(online=10)
    for number in (7, 12):
        make_kiosk(number)
    first = book_at(slot, 1, 2, channel="kiosk", site="store-012")
    book_at(slot, 3, channel="kiosk", site="store-012")
    book_at(slot, 4, channel="kiosk", site="store-007")
    book_at(slot, 5, channel="kiosk")
    book_at(slot, 6)
    assert first.status_code == 201
    desk = sign_in(Client(), make_staff(Role.SUPERVISOR, office=slot.office))
    page = desk.get(TUESDAY)
    rows = page.context["kiosks"]
    assert [(row.site.code if row.site else "", row.bookings, row.places) for row in rows] == [
        ("store-012", 2, 3),
        ("store-007", 1, 1),
        ("", 1, 1),
    ]
    assert "社区便利店12 (store-012)" in page.text


def test_the_site_is_kept_with_the_first_event_and_none_where_there_is_none() -> None:
    slot = make_slot(online=10)
    make_kiosk(12)
    book_at(slot, 1, channel="kiosk", site="store-012")
    assert BookingEvent.objects.first().data == {"site": "store-012"}
    book_at(slot, 2)
    assert BookingEvent.objects.last().data == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "kiosk", "site": "store-099"},
        {"channel": "kiosk", "site": "store-013"},
        {"channel": "partner", "site": "store-012"},
    ],
    ids=["unknown", "closed", "no kiosk"],
)
def test_a_site_that_cannot_be_is_refused(fields: dict[str, str]) -> None:
    make_kiosk(12)
    make_kiosk(13, is_active=False)
    response = book_at(make_slot(online=10), 1, **fields)
    assert response.status_code == 400
    assert "site" in response.content.decode()
    assert not Booking.objects.exists()


def test_without_kiosks_the_report_says_nothing_of_them() -> None:
    slot = make_slot(online=10)
    book_at(slot, 1)
    desk = sign_in(Client(), make_staff(Role.SUPERVISOR, office=slot.office))
    assert "社区便利店" not in desk.get(TUESDAY).text
    assert desk.get(TUESDAY).context["kiosks"] == []
