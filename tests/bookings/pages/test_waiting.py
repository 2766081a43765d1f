"""/waiting/: joining from a full day, the offer and its answers, and who may see them."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from applicants.models import Account, Applicant
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import Status, WaitingKind, WaitingState
from bookings.models import Booking, Slot, WaitingEntry, WaitingOffer
from tests.citizens import confirmed, make_account, make_member, signed_in, start_booking
from tests.factories import NOW, make_party, quota_of

URL = "/waiting/"
HOURS = dt.timedelta(hours=1)


@pytest.fixture
def full(slot: Slot) -> Booking:
    """Who has all the places of the only window."""
    slot.quotas.filter(pool="online").update(capacity=3)
    return book(make_party(slot, 3), SYSTEM, NOW)


@pytest.fixture
def asking(citizen: Client, family: list[Applicant], full: Booking) -> Client:
    start_booking(citizen, family)
    return citizen


def answers(**changes: str) -> dict[str, str]:
    wanted = {"where": "here", "first_day": "2026-08-04", "last_day": "2026-08-04", "times": ""}
    return wanted | changes


@pytest.fixture
def offer(asking: Client, full: Booking) -> WaitingOffer:
    asking.post(URL, answers())
    cancel(full.pk, SYSTEM, NOW)
    offer_to_waiting_list(NOW)
    return WaitingOffer.objects.get()


def path(offer: WaitingOffer, verb: str = "") -> str:
    return f"/waiting/{offer.booking.number}/{verb}"


def test_without_answers_they_are_asked_for_first(citizen: Client, slot: Slot) -> None:
    assert citizen.get(URL).headers["Location"] == "/book/"


def test_a_full_window_and_a_full_day_lead_here(asking: Client, slot: Slot) -> None:
    assert "/waiting/?day=2026-08-04" in asking.get(f"/book/time/{slot.pk}/full/").content.decode()
    assert "/waiting/?day=2026-08-04" in asking.get("/book/time/?day=2026-08-04").content.decode()


def test_the_day_that_was_full_is_filled_in(asking: Client) -> None:
    form = asking.get(f"{URL}?day=2026-08-04").context["form"]
    assert (form.initial["first_day"], form.initial["last_day"]) == ("2026-08-04", "2026-08-04")
    for day in ("nonsense", "2020-01-01"):
        form = asking.get(f"{URL}?day={day}").context["form"]
        assert (form.initial["first_day"], form.initial["last_day"]) == ("2026-08-03", "2026-08-17")


def test_joining_writes_keys_and_codes_and_leads_to_my_bookings(
    asking: Client, family: list[Applicant], account: Account
) -> None:
    response = asking.post(URL, answers(where="city", last_day="2026-08-07", times="morning"))
    assert response.headers["Location"] == "/bookings/"
    entry = WaitingEntry.objects.get()
    assert (entry.account, entry.office, entry.city, entry.places) == (account, None, "厦门", 3)
    assert (entry.first_day, entry.last_day) == (dt.date(2026, 8, 4), dt.date(2026, 8, 7))
    assert (entry.from_time, entry.until_time) == (None, dt.time(11, 59, 59))
    assert entry.people == [person.pk for person in family]
    assert set(entry.wanted.values().__iter__().__next__()) == {"passport-first"}
    page = asking.get("/bookings/").content.decode()
    assert "8月4日 周二至8月7日 周五" in page
    assert "厦门任一办证大厅 · 仅上午" in page
    assert "演示甲、演示乙、演示丙" in page


def test_who_could_not_be_told_is_asked_for_a_contact_first(
    asking: Client, account: Account
) -> None:
    """Who signs in by a platform has a name there, and perhaps no number here."""
    Account.objects.filter(pk=account.pk).update(contact="", reach="")
    page = asking.post(URL, answers())
    assert "请先在“我的账号”中添加手机号码或邮箱" in page.content.decode()
    assert not WaitingEntry.objects.exists()


def test_days_in_the_wrong_order_are_refused_beside_the_field(asking: Client) -> None:
    response = asking.post(URL, answers(first_day="2026-08-05"))
    assert response.context["form"].errors == {"last_day": ["请选择同一天或更晚的日期。"]}
    assert not WaitingEntry.objects.exists()


def test_who_is_booked_already_is_told_so(
    asking: Client, account: Account, family: list[Applicant], full: Booking
) -> None:
    cancel(full.pk, SYSTEM, NOW)
    with time_machine.travel(NOW + HOURS, tick=False):
        confirmed(asking, Slot.objects.get(), family)
        start_booking(asking, family)
        page = asking.post(URL, answers()).content.decode()
    assert "已预约同类事项" in page
    assert not WaitingEntry.objects.exists()


def test_an_offer_leads_from_my_bookings_to_its_page(asking: Client, offer: WaitingOffer) -> None:
    page = asking.get("/bookings/").content.decode()
    assert "请在8月3日 周一 11:00前打开并确认" in page
    assert f'href="{path(offer)}"' in page
    number = offer.booking.number
    assert asking.get(f"/bookings/{number}/").headers["Location"] == f"/book/{number}/check/"
    assert asking.get(f"/book/{number}/check/").headers["Location"] == path(offer)


def test_the_page_says_what_and_until_when(asking: Client, offer: WaitingOffer) -> None:
    page = asking.get(path(offer)).content.decode()
    assert 'data-expires-at="2026-08-03T11:00:00+08:00"' in page
    assert "8月3日 周一 11:00</strong>前确认即预约成功" in page
    assert "8月4日 周二 10:00–10:30" in page
    assert "居民身份证" in page


def test_accepting_leads_to_the_confirmation(asking: Client, offer: WaitingOffer) -> None:
    for _click in range(2):
        response = asking.post(path(offer, "accept/"))
        assert response.headers["Location"] == f"/bookings/{offer.booking.number}/confirmed/"
    assert Booking.objects.get(pk=offer.booking_id).status == Status.CONFIRMED
    assert WaitingEntry.objects.get().state == WaitingState.DONE
    assert asking.get(path(offer)).headers["Location"] == f"/bookings/{offer.booking.number}/"
    assert asking.get("/bookings/").context["upcoming"] == [offer.booking]


def test_declining_stays_on_the_list(asking: Client, offer: WaitingOffer, slot: Slot) -> None:
    for _click in range(2):
        assert asking.post(path(offer, "decline/")).headers["Location"] == "/bookings/"
    assert WaitingEntry.objects.get().state == WaitingState.WAITING
    assert quota_of(slot).taken == 0
    over = asking.get(path(offer))
    assert over.status_code == 409
    assert "您仍在候补中" in over.content.decode()


def test_leaving_gives_the_place_back(asking: Client, offer: WaitingOffer, slot: Slot) -> None:
    assert asking.post(f"/waiting/{offer.entry_id}/leave/").headers["Location"] == "/bookings/"
    assert WaitingEntry.objects.get().state == WaitingState.LEFT
    assert quota_of(slot).taken == 0
    assert "候补</h2>" not in asking.get("/bookings/").content.decode()


def test_a_late_answer_is_told_so(
    asking: Client, offer: WaitingOffer, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW + 3 * HOURS)
    for response in (asking.get(path(offer)), asking.post(path(offer, "accept/"))):
        assert response.status_code == 409
        assert "此名额已失效" in response.content.decode()


def test_an_open_offer_is_not_lost_by_booking_something_else(
    asking: Client, offer: WaitingOffer, family: list[Applicant], slot: Slot
) -> None:
    """The same people may not hold a second place; they are led to what is held for them."""
    slot.quotas.filter(pool="online").update(capacity=6)
    start_booking(asking, family)
    response = asking.post("/book/time/?day=2026-08-04", {"slot": slot.pk})
    assert response.status_code == 409
    assert f"/bookings/{offer.booking.number}/" in response.content.decode()
    offer.booking.refresh_from_db()
    assert offer.booking.status == Status.HELD


def test_others_find_no_offer_and_no_entry(asking: Client, offer: WaitingOffer) -> None:
    stranger = signed_in(make_account("+8613600136000"))
    answers_ = [
        stranger.get(path(offer)),
        stranger.post(path(offer, "accept/")),
        stranger.post(path(offer, "decline/")),
        stranger.post(f"/waiting/{offer.entry_id}/leave/"),
        stranger.post(f"/bookings/{offer.booking.number}/earlier/"),
    ]
    assert [one.status_code for one in answers_] == [404] * 5
    assert WaitingEntry.objects.get().state == WaitingState.OFFERED


def test_the_list_says_who_is_in_the_way(
    asking: Client, account: Account, family: list[Applicant], full: Booking
) -> None:
    asking.post(URL, answers())
    cancel(full.pk, SYSTEM, NOW)
    with time_machine.travel(NOW + HOURS, tick=False):
        confirmed(asking, Slot.objects.get(), family[:1])
        page = asking.get("/bookings/").content.decode()
    assert "演示甲已有同类业务的预约" in page


def test_who_has_a_booking_asks_for_an_earlier_time_and_stops(citizen: Client, slot: Slot) -> None:
    account = make_account()
    booking = confirmed(citizen, slot, [make_member(account)])
    detail = f"/bookings/{booking.number}/"
    assert citizen.post(f"{detail}earlier/").headers["Location"] == detail
    entry = WaitingEntry.objects.get()
    assert (entry.kind, entry.booking) == (WaitingKind.EARLIER, booking)
    assert "不再提醒" in citizen.get(detail).content.decode()
    assert "希望提前的预约" in citizen.get("/bookings/").content.decode()
    citizen.post(f"/waiting/{entry.pk}/leave/")
    entry.refresh_from_db()
    assert entry.state == WaitingState.LEFT
