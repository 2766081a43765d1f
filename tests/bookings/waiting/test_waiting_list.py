"""候补: who is offered a place that came free, in which order, and what becomes of the offer."""

import datetime as dt
from dataclasses import replace

import pytest

from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.models import Message, Suspension
from bookings.domain.errors import AlreadyBooked, HoldExpired, NotEligible, SlotFull, Suspended
from bookings.domain.lifecycle import cancel, confirm, expire_holds, reschedule
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.waiting.answering import accept, decline, drop_overdue, lapse_offers
from bookings.domain.waiting.entries import join, leave
from bookings.domain.waiting.offering import offer_to_waiting_list
from bookings.enums import OfferState, Status, WaitingState
from bookings.models import Booking, Slot, WaitingEntry, WaitingOffer
from offices.models import OfficeService, Session
from tests.bookings.waiting.conftest import TOMORROW, Waiter, wish_of
from tests.citizens import make_account
from tests.concurrency.race import violations
from tests.factories import (
    NOW,
    make_bureau,
    make_line,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def offers_of(entry: WaitingEntry) -> list[str]:
    return list(entry.offers.order_by("made_at").values_list("state", flat=True))


def offered(entry: WaitingEntry) -> WaitingOffer:
    return entry.offers.get(state=OfferState.OPEN)


def state_of(entry: WaitingEntry) -> str:
    entry.refresh_from_db()
    return entry.state


def free(slot: Slot, holder: Booking) -> None:
    """The place comes back, and is offered."""
    cancel(holder.pk, SYSTEM, NOW)
    offer_to_waiting_list(NOW)


def test_a_full_window_offers_nothing(waiter: Waiter) -> None:
    entry = waiter()
    assert offer_to_waiting_list(NOW) == 0
    assert state_of(entry) == WaitingState.WAITING


def test_a_cancelled_place_is_held_for_who_waited_longest(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    second, first = waiter(at=NOW), waiter(at=NOW - HOUR)
    free(slot, holder)
    hold = offered(first).booking
    assert (hold.status, hold.slot, hold.account) == (Status.HELD, slot, first.account)
    assert offered(first).expires_at == NOW + 120 * MINUTE
    assert (state_of(first), state_of(second)) == (WaitingState.OFFERED, WaitingState.WAITING)
    assert quota_of(slot).taken == 1
    assert violations() == []


def test_they_are_told_until_when_and_without_a_link(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    free(slot, holder)
    message = Message.objects.get(kind=MessageKind.WAITING_OFFER)
    assert message.not_after == offered(entry).expires_at
    text = render(message)
    assert "您候补的时段有名额了：8月4日（周二）10:00–10:30" in text
    assert "8月3日（周一）11:00" in text
    assert "http" not in text


def test_accepting_makes_it_a_booking(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    entry = waiter()
    free(slot, holder)
    booking = accept(offered(entry), NOW + HOUR)
    assert (booking.status, state_of(entry)) == (Status.CONFIRMED, WaitingState.DONE)
    assert offers_of(entry) == [OfferState.ACCEPTED]
    assert Message.objects.filter(reference=booking.number, kind="confirmed").count() == 1


def test_a_second_click_accepts_once(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    entry = waiter()
    free(slot, holder)
    offer = offered(entry)
    assert accept(offer, NOW + HOUR) == accept(offer, NOW + HOUR)
    assert Message.objects.filter(kind="confirmed", reference=offer.booking.number).count() == 1


def test_what_is_declined_goes_to_the_next_one(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    first, second = waiter(at=NOW - HOUR), waiter()
    free(slot, holder)
    decline(offered(first), NOW + MINUTE)
    assert (state_of(first), offers_of(first)) == (WaitingState.WAITING, [OfferState.DECLINED])
    assert offer_to_waiting_list(NOW + MINUTE) == 1
    assert offered(second).booking.slot == slot
    assert violations() == []


def test_nobody_is_offered_two_places_a_day(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    make_slot(1, starts_at=slot.starts_at + 48 * HOUR)
    entry = waiter(last_day=TOMORROW + 3 * DAY)
    offer_to_waiting_list(NOW)
    decline(offered(entry), NOW + MINUTE)
    assert offer_to_waiting_list(NOW + 3 * HOUR) == 0
    assert offer_to_waiting_list(NOW + DAY) == 1


def test_what_is_not_answered_goes_to_the_next_one(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    first, second = waiter(at=NOW - HOUR), waiter()
    free(slot, holder)
    later = NOW + 120 * MINUTE
    assert lapse_offers(later - MINUTE) == 0
    assert lapse_offers(later) == 1
    assert (state_of(first), offers_of(first)) == (WaitingState.WAITING, [OfferState.LAPSED])
    # Nobody else sees it between the two.
    with pytest.raises(SlotFull):
        book(make_party(slot), SYSTEM, later)
    assert offer_to_waiting_list(later) == 1
    assert offered(second).booking.slot == slot


def test_an_offer_that_no_worker_looks_after_ends_by_itself(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    free(slot, holder)
    late = NOW + 124 * MINUTE
    assert book(make_party(slot), SYSTEM, late).status == Status.CONFIRMED
    with pytest.raises(HoldExpired):
        accept(offered(entry), late)
    lapse_offers(late)
    assert offers_of(entry) == [OfferState.LAPSED]
    assert violations() == []


def test_a_worker_that_comes_late_takes_no_place_out_of_sight_again(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    """The hold has ended by itself, and everybody sees the place (rule 6)."""
    waiter()
    free(slot, holder)
    late = NOW + 124 * MINUTE
    lapse_offers(late)
    assert quota_of(slot).shown_left(late) == 1
    assert book(make_party(slot), SYSTEM, late).slot == slot


def test_a_lapsed_offer_keeps_its_entry_and_two_in_a_row_end_it(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    quota = quota_of(slot)
    slot.date = TOMORROW + 3 * DAY
    type(slot).objects.filter(pk=slot.pk).update(
        date=slot.date, starts_at=slot.starts_at + 3 * DAY, ends_at=slot.ends_at + 3 * DAY
    )
    entry = waiter(last_day=slot.date)
    free(slot, holder)
    for day in (0, 1):
        if day:
            assert offer_to_waiting_list(NOW + day * DAY) == 1
        lapse_offers(NOW + day * DAY + 2 * HOUR)
    assert offers_of(entry) == [OfferState.LAPSED] * 2
    assert state_of(entry) == WaitingState.LEFT
    text = render(Message.objects.get(kind=MessageKind.WAITING_ENDED))
    assert "您已退出候补" in text
    quota.refresh_from_db()
    assert quota.taken == 0


def test_a_hold_that_is_confirmed_on_the_usual_page_counts_as_accepted(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    free(slot, holder)
    confirm(offered(entry).booking_id, SYSTEM, NOW + MINUTE)
    assert lapse_offers(NOW + 2 * MINUTE) == 1
    assert (state_of(entry), offers_of(entry)) == (WaitingState.DONE, [OfferState.ACCEPTED])


def test_a_hold_that_is_given_up_on_the_usual_page_counts_as_declined(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    free(slot, holder)
    cancel(offered(entry).booking_id, SYSTEM, NOW + MINUTE)
    # Nobody can hand a place to a friend past those who wait.
    with pytest.raises(SlotFull):
        book(make_party(slot), SYSTEM, NOW + MINUTE)
    lapse_offers(NOW + 2 * MINUTE)
    assert (state_of(entry), offers_of(entry)) == (WaitingState.WAITING, [OfferState.DECLINED])


def test_whom_a_place_does_not_fit_is_passed_over(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    """First come, first served, as far as the party fits."""
    family, single = waiter(3, at=NOW - HOUR), waiter()
    free(slot, holder)
    assert (state_of(family), state_of(single)) == (WaitingState.WAITING, WaitingState.OFFERED)


def test_all_of_a_family_get_places_or_none(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    slot.quotas.filter(pool="online").update(capacity=4)
    others = book(make_party(slot, 3), SYSTEM, NOW)
    family = waiter(3)
    free(slot, holder)
    assert state_of(family) == WaitingState.WAITING
    cancel(others.pk, SYSTEM, NOW)
    assert offer_to_waiting_list(NOW) == 1
    assert offered(family).booking.places == 3
    assert violations() == []


@pytest.mark.parametrize(
    "wish",
    [
        {"first_day": TOMORROW + DAY, "last_day": TOMORROW + DAY},
        {"until_time": dt.time(9, 30)},
        {"from_time": dt.time(13)},
    ],
    ids=["another day", "earlier", "afternoon"],
)
def test_what_was_not_wished_for_is_not_offered(
    waiter: Waiter, slot: Slot, holder: Booking, wish: dict[str, object]
) -> None:
    waiter(**wish)
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_to_waiting_list(NOW) == 0


def test_anywhere_in_the_city_takes_the_first_free_window_of_any_office(
    waiter: Waiter, slot: Slot
) -> None:
    other = make_office("xiamen-jimei", name="集美办证大厅")
    away = make_office("fuzhou", city="福州", bureau=make_bureau("fuzhou"))
    make_slot(1, office=away, starts_at=slot.starts_at - HOUR)
    there = make_slot(1, office=other)
    anywhere, here = waiter(office=None), waiter()
    assert offer_to_waiting_list(NOW) == 1
    assert (offered(anywhere).booking.slot, state_of(here)) == (there, WaitingState.WAITING)


@pytest.mark.parametrize("policy", [{}, {"max_party": 1}])
def test_an_office_that_cannot_take_them_keeps_no_other_from_doing_so(
    waiter: Waiter, slot: Slot, policy: dict[str, int]
) -> None:
    """Its windows are free first: it handles something else, or takes no families."""
    other = make_office("xiamen-jimei", policy=policy)
    if not policy:
        OfficeService.objects.filter(office=other, service__code="passport-first").delete()
    make_slot(2, office=other, starts_at=slot.starts_at - HOUR)
    entry = waiter(2, office=None)
    slot.quotas.filter(pool="online").update(capacity=3)
    assert offer_to_waiting_list(NOW) == 1
    assert offered(entry).booking.slot == slot


def test_those_for_whom_nothing_is_free_keep_nobody_else_from_being_asked(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    """However many they are: a run ends with so many offers, and not with so many entries."""
    for _ in range(3):
        waiter(first_day=TOMORROW + DAY, last_day=TOMORROW + DAY)
    last = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_to_waiting_list(NOW, limit=1) == 1
    assert state_of(last) == WaitingState.OFFERED


def test_sessions_are_offered_to_those_they_are_for(waiter: Waiter, slot: Slot) -> None:
    session = Session.objects.create(
        office=make_office(),
        line=make_line(),
        kind="student",
        date=TOMORROW,
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=20,
        max_age=18,
    )
    make_slot(5, starts_at=slot.starts_at + HOUR, session=session)
    waiter()
    assert offer_to_waiting_list(NOW) == 0


def test_who_has_booked_elsewhere_meanwhile_is_passed_over(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    first, second = waiter(at=NOW - HOUR), waiter()
    elsewhere = make_slot(5, starts_at=slot.starts_at + 48 * HOUR)
    member = first.account.household.get()
    own = book(make_party(elsewhere, people=(make_person(identity=member.identity),)), SYSTEM, NOW)
    free(slot, holder)
    assert state_of(second) == WaitingState.OFFERED
    assert (state_of(first), first.last_offer_at) == (WaitingState.WAITING, None)
    assert own.status == Status.CONFIRMED


def test_nothing_is_offered_in_the_last_hours(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    waiter()
    cancel(holder.pk, SYSTEM, NOW, by_staff=True)
    assert offer_to_waiting_list(slot.starts_at - 4 * HOUR) == 0


@pytest.mark.parametrize(("hours", "until"), [(12, 24), (15, 26), (10, 12)])
def test_nobody_loses_a_place_by_sleeping(
    waiter: Waiter, slot: Slot, holder: Booking, hours: int, until: int
) -> None:
    """Offered at 21:00, it is held until 9:00; at midnight, until 11:00; at 19:00, until 21:00."""
    Slot.objects.update(
        date=TOMORROW + DAY, starts_at=slot.starts_at + DAY, ends_at=slot.ends_at + DAY
    )
    entry = waiter(last_day=TOMORROW + DAY)
    cancel(holder.pk, SYSTEM, NOW)
    offer_to_waiting_list(NOW + hours * HOUR)
    assert offered(entry).expires_at == NOW + until * HOUR


def offer_at(hour: float, slot: Slot, starts: int) -> int:
    """How many offers at that hour of a day, for a window of the next that begins at `starts`."""
    starts_at = slot.starts_at + (starts - 10) * HOUR
    Slot.objects.update(starts_at=starts_at, ends_at=starts_at + HOUR)
    return offer_to_waiting_list(NOW + (hour - 9) * HOUR)


@pytest.mark.parametrize(("hour", "starts"), [(23.5, 10), (26, 9), (24, 13), (21.75, 10)])
def test_nothing_is_offered_that_would_be_over_before_somebody_wakes_up(
    waiter: Waiter, slot: Slot, holder: Booking, hour: float, starts: int
) -> None:
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_at(hour, slot, starts) == 0
    assert state_of(entry) == WaitingState.WAITING
    assert not Message.objects.filter(kind=MessageKind.WAITING_OFFER).exists()
    # Nor is the place kept from the others.
    assert quota_of(slot).shown_left(NOW + (hour - 9) * HOUR) == 1


def test_a_place_of_the_next_morning_is_answered_in_the_evening(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_at(21, slot, 10) == 1
    assert offered(entry).expires_at == NOW + 13 * HOUR


def test_an_offer_of_the_night_is_told_in_the_morning(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    assert offer_at(26, slot, 14) == 1
    message = Message.objects.get(kind=MessageKind.WAITING_OFFER)
    assert message.due_at == NOW + DAY
    assert offered(entry).expires_at == message.not_after == NOW + DAY + HOUR


def test_nobody_is_told_in_the_morning_of_what_they_answered_at_night(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    offer_at(26, slot, 14)
    accept(offered(entry), NOW + 18 * HOUR)
    message = Message.objects.get(kind=MessageKind.WAITING_OFFER)
    assert message.state == MessageState.WITHDRAWN


def test_an_offer_ends_in_time_before_the_window(waiter: Waiter, holder: Booking) -> None:
    entry = waiter()
    cancel(holder.pk, SYSTEM, NOW)
    bureau = make_bureau()
    type(bureau).objects.filter(pk=bureau.pk).update(
        policy={"waiting_offer_minutes": 240, "waiting_last_minutes": 1380}
    )
    offer_to_waiting_list(NOW)
    # 25 hours before the window, 23 of which are the last hours.
    assert offered(entry).expires_at == NOW + 2 * HOUR


def test_a_place_that_a_move_leaves_is_offered(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    other = make_slot(1, starts_at=slot.starts_at + 48 * HOUR)
    entry = waiter()
    reschedule(holder.pk, other.pk, SYSTEM, NOW)
    offer_to_waiting_list(NOW)
    assert offered(entry).booking.slot == slot


def test_places_that_staff_add_are_offered(waiter: Waiter, slot: Slot) -> None:
    entry = waiter()
    slot.quotas.filter(pool="online").update(capacity=2)
    assert offer_to_waiting_list(NOW) == 1
    assert state_of(entry) == WaitingState.OFFERED


def test_an_expired_hold_is_offered(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    entry = waiter()
    Booking.objects.filter(pk=holder.pk).update(status=Status.HELD, expires_at=NOW)
    expire_holds(NOW)
    assert offer_to_waiting_list(NOW) == 1
    assert state_of(entry) == WaitingState.OFFERED


def test_leaving_gives_back_what_was_offered(waiter: Waiter, slot: Slot, holder: Booking) -> None:
    entry = waiter()
    free(slot, holder)
    leave(entry, NOW)
    leave(entry, NOW)
    assert (state_of(entry), offers_of(entry)) == (WaitingState.LEFT, [OfferState.DECLINED])
    assert quota_of(slot).taken == 0
    assert violations() == []


def test_leaving_keeps_what_was_taken_on_the_usual_page(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter()
    free(slot, holder)
    booking = confirm(offered(entry).booking_id, SYSTEM, NOW + MINUTE)
    leave(entry, NOW + 2 * MINUTE)
    booking.refresh_from_db()
    assert (booking.status, offers_of(entry)) == (Status.CONFIRMED, [OfferState.ACCEPTED])


def test_whose_days_are_over_is_told(waiter: Waiter) -> None:
    entry = waiter()
    assert drop_overdue(NOW + DAY) == 0
    assert drop_overdue(NOW + 2 * DAY) == 1
    assert drop_overdue(NOW + 2 * DAY) == 0
    assert state_of(entry) == WaitingState.LAPSED
    text = render(Message.objects.get(kind=MessageKind.WAITING_ENDED))
    assert "您候补的8月4日（周二）未能等到名额" in text


def test_nobody_is_woken_to_hear_that_their_days_are_over(waiter: Waiter) -> None:
    waiter()
    midnight = NOW + DAY + 15 * HOUR
    assert drop_overdue(midnight) == 1
    assert Message.objects.get(kind=MessageKind.WAITING_ENDED).due_at == NOW + 2 * DAY


def test_nobody_waited_in_vain_who_took_a_place_of_another_queue(
    waiter: Waiter, slot: Slot, holder: Booking
) -> None:
    entry = waiter(office=None)
    member = entry.account.household.get()
    here = wish_of(entry.account, 0)
    here = replace(here, people=(member.pk,), wanted={str(member.pk): ["passport-first"]})
    other = join(entry.account, here, NOW - MINUTE)
    free(slot, holder)
    accept(offered(other), NOW + MINUTE)
    assert drop_overdue(NOW + 2 * DAY) == 1
    assert state_of(entry) == WaitingState.LAPSED
    assert not Message.objects.filter(kind=MessageKind.WAITING_ENDED).exists()


def test_joining_again_changes_the_wish_and_keeps_the_place_in_the_queue(waiter: Waiter) -> None:
    entry = waiter()
    wish = wish_of(entry.account, last_day=TOMORROW + DAY)
    again = join(entry.account, wish, NOW + HOUR)
    assert (again.pk, again.made_at, again.last_day) == (entry.pk, NOW, TOMORROW + DAY)


def test_who_is_booked_needs_no_place(slot: Slot) -> None:
    account = make_account()
    wish = wish_of(account)
    person = make_person(identity=account.household.get().identity)
    book(make_party(slot, people=(person,)), SYSTEM, NOW)
    with pytest.raises(AlreadyBooked):
        join(account, wish, NOW)


def test_who_is_suspended_cannot_wait_online(slot: Slot) -> None:
    account = make_account()
    wish = wish_of(account)
    Suspension.objects.create(
        identity_hash=account.household.get().identity.hash,
        starts_at=NOW - DAY,
        ends_at=NOW + DAY,
        no_shows=3,
    )
    with pytest.raises(Suspended):
        join(account, wish, NOW)


def test_a_party_that_could_not_book_cannot_wait(slot: Slot) -> None:
    account = make_account()
    with pytest.raises(NotEligible):
        join(account, wish_of(account, 6), NOW)
