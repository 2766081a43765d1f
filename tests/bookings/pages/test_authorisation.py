"""The letter of authorisation: who may be represented, and by whom."""

import datetime as dt

import pytest
from django.test import Client

from applicants.models import Account
from bookings.models import Slot
from offices.enums import Matter
from offices.models import Service
from tests.citizens import confirmed, hold, make_account, make_member, signed_in

ELDERLY = dt.date(1955, 3, 15)
CHILD = dt.date(2016, 6, 1)


@pytest.fixture
def endorsement(slot: Slot) -> str:
    """The permit of Hong Kong and Macao, as a matter that only renews the endorsement."""
    Service.objects.filter(code="hkm-permit-first").update(matter=Matter.RE_ENDORSEMENT)
    return "hkm-permit-first"


def page_of(citizen: Client, number: str) -> str:
    return citizen.get(f"/bookings/{number}/authorisation/").text


def test_a_first_passport_is_applied_for_in_person(
    citizen: Client, account: Account, slot: Slot
) -> None:
    mother = make_member(account, "演示丁", relation="parent", born=ELDERLY)
    booking = confirmed(citizen, slot, [mother])
    page = page_of(citizen, booking.number)
    assert "须本人到场：" in page
    assert "第五条" in page
    assert 'class="sheet"' not in page
    assert "上门办理" in page


def test_a_new_endorsement_may_be_entrusted_to_whoever_books(
    citizen: Client, account: Account, slot: Slot, endorsement: str
) -> None:
    make_member(account, "演示甲")
    mother = make_member(account, "演示丁", relation="parent", born=ELDERLY)
    booking = confirmed(citizen, slot, [mother], services=[endorsement])
    page = page_of(citizen, booking.number)
    assert page.count('class="sheet"') == 1
    assert page.index("演示丁") < page.index("演示甲")
    assert mother.masked_number in page
    assert mother.id_number not in page
    assert "须本人到场：" not in page


def test_nobody_is_their_own_agent(
    citizen: Client, account: Account, slot: Slot, endorsement: str
) -> None:
    me = make_member(account, "演示甲")
    booking = confirmed(citizen, slot, [me], services=[endorsement])
    assert page_of(citizen, booking.number).count("演示甲") == 1


def test_a_childs_guardian_entrusts_the_adult_who_comes_along(
    citizen: Client, account: Account, slot: Slot
) -> None:
    parent = make_member(account, "演示甲")
    child = make_member(account, "演示丙", relation="child", born=CHILD)
    booking = confirmed(citizen, slot, [parent, child])
    page = page_of(citizen, booking.number)
    assert page.count('class="sheet"') == 1
    assert "监护人签名" in page


def test_the_booking_leads_to_it_and_strangers_find_nothing(
    citizen: Client, account: Account, slot: Slot
) -> None:
    booking = confirmed(citizen, slot, [make_member(account)])
    url = f"/bookings/{booking.number}/authorisation/"
    assert url in citizen.get(f"/bookings/{booking.number}/").text
    assert signed_in(make_account("+8613900139000")).get(url).status_code == 404
    assert Client().get(url).headers["Location"].startswith("/sign-in/")


def test_what_is_only_held_has_no_letter(citizen: Client, account: Account, slot: Slot) -> None:
    held = hold(citizen, slot, [make_member(account)])
    response = citizen.get(f"/bookings/{held.number}/authorisation/")
    assert response.headers["Location"] == f"/bookings/{held.number}/"
