"""Whose window doesn't take place as booked, and what was decided about them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applicants.domain.texts import render
from applicants.enums import MessageKind
from applicants.models import Account, Message
from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.conflicts import conflicts, count_open
from bookings.domain.in_the_way import tell
from bookings.domain.lifecycle import cancel, reschedule
from bookings.domain.parties import SYSTEM, Actor, Contact
from bookings.domain.promise import book, hold_places
from bookings.domain.publishing import ConflictKind, publish
from bookings.domain.settling import Asked, keep, offer_choice
from bookings.enums import Settlement, Status
from bookings.models import Booking, ConflictNote, Slot
from offices.models import Office, OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office, make_party, quota_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def actor() -> Actor:
    return Actor(operator=Account.objects.create_staff("supervisor", None))


@pytest.fixture
def office() -> Office:
    """Open on Tuesdays from 10:00 to 12:00: four windows of ten places."""
    office = make_office()
    OpeningHours.objects.create(
        office=office,
        line=make_line(),
        weekday=1,
        opens=dt.time(10),
        closes=dt.time(12),
        capacity=10,
        shares={"online": 100, "assisted": 0, "walk_in": 0},
        valid_from=LONG_AGO,
    )
    publish(office, NOW)
    return office


@pytest.fixture
def slots(office: Office) -> list[Slot]:
    return list(Slot.objects.filter(date=dt.date(2026, 8, 4)).order_by("starts_at"))


def booked(slot: Slot, size: int = 1, **fields) -> Booking:
    return book(make_party(slot, size, **fields), SYSTEM, NOW)


def close(slot: Slot, actor: Actor, now: dt.datetime = NOW) -> None:
    close_slots([slot.pk], reason="检修", actor=actor, now=now)


def kinds(office: Office) -> list[tuple[int, str, int]]:
    return [(one.slot.pk, one.kind, one.excess) for one in conflicts(office, NOW)]


def test_where_all_takes_place_as_booked_nobody_is_affected(office, slots):
    booked(slots[0])
    assert conflicts(office, NOW) == []


def test_people_at_a_closed_window_are_affected(office, slots, actor):
    booking = booked(slots[0], 2)
    close(slots[0], actor)
    close(slots[1], actor)
    [one] = conflicts(office, NOW)
    assert (one.slot, one.kind, one.takes_place) == (slots[0], "closed", False)
    [affected] = one.affected
    assert (affected.booking.number, affected.booking.places) == (booking.number, 2)
    assert (affected.is_open, affected.can_be_asked, affected.must_be_called) == (True, True, False)


def test_people_outside_hours_that_were_shortened_are_affected(office, slots):
    booked(slots[0])
    booked(slots[3])
    OpeningHours.objects.update(opens=dt.time(10, 30))
    assert kinds(office) == [(slots[0].pk, ConflictKind.OUTSIDE_HOURS, 0)]
    publish(office, NOW)
    assert kinds(office) == [(slots[0].pk, ConflictKind.OUTSIDE_HOURS, 0)]


def test_a_window_with_more_people_than_it_should_have_says_how_many(office, slots):
    booked(slots[0], 5)
    OpeningHours.objects.update(capacity=3)
    assert kinds(office) == [(slots[0].pk, ConflictKind.BELOW_TAKEN, 2)]
    publish(office, NOW)
    [one] = conflicts(office, NOW)
    assert (one.excess, one.takes_place, quota_of(slots[0]).capacity) == (2, True, 5)


def test_who_holds_places_for_a_moment_or_has_come_is_not_affected(office, slots, actor):
    hold_places(make_party(slots[0]), SYSTEM, NOW)
    Booking.objects.filter(pk=booked(slots[0]).pk).update(status=Status.CHECKED_IN)
    close(slots[0], actor)
    assert conflicts(office, NOW) == []


def test_what_is_over_or_of_another_office_is_not_shown(office, slots, actor):
    booked(slots[0])
    close(slots[0], actor)
    assert conflicts(office, slots[0].ends_at) == []
    assert conflicts(make_office("harbin-city"), NOW) == []


def test_an_offer_tells_how_and_until_when_to_choose(office, slots, actor):
    booking = booked(slots[0])
    close(slots[0], actor)
    asked = offer_choice([booking.pk], office, notice="设备检修。", actor=actor, now=NOW)
    assert asked == Asked(written=1, to_call=0)
    text = render(Message.objects.get(kind=MessageKind.OFFICE_NOTICE))
    assert "设备检修。如需改期，请于8月3日 周一 24:00前在“我的预约”中选择其他时段" in text
    [affected] = conflicts(office, NOW)[0].affected
    assert (affected.is_open, affected.note.kind) == (False, Settlement.TOLD)
    assert (affected.note.account, affected.note.reason) == (actor.operator, "设备检修。")
    assert Booking.objects.get(pk=booking.pk).status == Status.CONFIRMED


def test_an_offer_after_the_deadline_asks_to_call(office, slots, actor):
    booking = booked(slots[0])
    on_the_day = slots[0].starts_at - HOUR
    offer_choice([booking.pk], office, notice="停电。", actor=actor, now=on_the_day)
    text = render(Message.objects.get(kind=MessageKind.OFFICE_NOTICE))
    assert "停电。如需改期，请电话联系大厅。" in text


def test_an_offer_speaks_the_language_of_the_holder(office, slots, actor):
    contact = Contact(phone="+8613800138000", language="en")
    party = make_party(slots[0])
    booking = book(type(party)(party.slot_id, party.channel, party.people, contact), SYSTEM, NOW)
    offer_choice([booking.pk], office, notice="No power.", actor=actor, now=NOW)
    text = render(Message.objects.get(kind=MessageKind.OFFICE_NOTICE))
    assert "No power. You can choose another time until Mon 3 Aug, midnight" in text


def test_who_cannot_be_written_to_must_be_called(office, slots, actor):
    silent, noticed = booked(slots[0], phone=""), booked(slots[0])
    tell([noticed.number], office.pk, "请带照片。", NOW)
    close(slots[0], actor)
    [one] = conflicts(office, NOW)
    assert [affected.must_be_called for affected in one.affected] == [True, True]
    ids = [silent.pk, noticed.pk]
    assert offer_choice(ids, office, notice="停电。", actor=actor, now=NOW) == Asked(0, 2)
    assert (ConflictNote.objects.count(), count_open(office, NOW)) == (0, 2)


def test_an_offer_is_made_once(office, slots, actor):
    booking = booked(slots[0])
    offer_choice([booking.pk], office, notice="停电。", actor=actor, now=NOW)
    again = offer_choice([booking.pk], office, notice="停电。", actor=actor, now=NOW)
    assert again == Asked(0, 1)
    assert Message.objects.filter(kind=MessageKind.OFFICE_NOTICE).count() == 1


def test_who_is_kept_is_settled_with_name_and_reason(office, slots, actor):
    booking = booked(slots[0])
    close(slots[0], actor)
    assert count_open(office, NOW) == 1
    assert keep([booking.pk], office, reason="加开窗口", actor=actor, now=NOW) == 1
    assert count_open(office, NOW) == 0
    [affected] = conflicts(office, NOW)[0].affected
    assert (affected.note.kind, affected.note.reason) == (Settlement.KEPT, "加开窗口")


def test_who_is_booked_beyond_what_the_hours_give_waits_for_a_decision_too(office, slots, actor):
    people = [booked(slots[0]) for _ in range(3)]
    OpeningHours.objects.update(capacity=2)
    publish(office, NOW)
    assert count_open(office, NOW) == 3
    [one] = conflicts(office, NOW)
    assert (one.kind, one.excess) == (ConflictKind.BELOW_TAKEN, 1)
    assert len([affected for affected in one.affected if affected.is_open]) == 3
    ids = [booking.pk for booking in people]
    keep(ids[:2], office, reason="加开窗口", actor=actor, now=NOW)
    assert count_open(office, NOW) == 1
    reschedule(ids[2], slots[1].pk, SYSTEM, NOW)
    assert count_open(office, NOW) == 0


def test_the_list_says_at_once_what_the_count_says_within_a_minute(office, slots):
    booked(slots[0])
    assert count_open(office, NOW) == 0
    OpeningHours.objects.update(capacity=0)
    publish(office, NOW)
    conflicts(office, NOW)
    assert count_open(office, NOW) == 1
    assert count_open(office, slots[0].ends_at) == 0


def test_a_window_that_closes_anew_asks_for_a_new_decision(office, slots, actor):
    booking = booked(slots[0])
    close(slots[0], actor)
    keep([booking.pk], office, reason="加开窗口", actor=actor, now=NOW)
    reopen_slots([slots[0].pk], reason="已修好", actor=actor, now=NOW + HOUR)
    close(slots[0], actor, NOW + 2 * HOUR)
    assert count_open(office, NOW + 2 * HOUR) == 1
    [affected] = conflicts(office, NOW + 2 * HOUR)[0].affected
    assert affected.is_open


def test_what_became_of_those_who_were_asked_stays_in_sight(office, slots, actor):
    moving, leaving = booked(slots[0]), booked(slots[0])
    close(slots[0], actor)
    offer_choice([moving.pk, leaving.pk], office, notice="停电。", actor=actor, now=NOW)
    reschedule(moving.pk, slots[1].pk, SYSTEM, NOW)
    cancel(leaving.pk, SYSTEM, NOW)
    [one] = conflicts(office, NOW)
    assert one.affected == ()
    assert [(gone.booking.slot, gone.booking.status) for gone in one.gone] == [
        (slots[1], Status.CONFIRMED),
        (slots[0], Status.CANCELLED),
    ]


def test_decisions_reach_no_other_office_and_need_words(office, slots, actor):
    booking = booked(slots[0])
    elsewhere = make_office("harbin-city")
    assert keep([booking.pk], elsewhere, reason="越权", actor=actor, now=NOW) == 0
    assert offer_choice([booking.pk], elsewhere, notice="越权", actor=actor, now=NOW) == Asked(0, 0)
    with pytest.raises(ValueError, match="reason"):
        keep([booking.pk], office, reason=" ", actor=actor, now=NOW)
    with pytest.raises(ValueError, match="words"):
        offer_choice([booking.pk], office, notice=" ", actor=actor, now=NOW)


def test_one_window_with_one_person_costs_as_much_as_three_with_three(
    office, slots, actor, django_assert_num_queries
):
    booked(slots[0])
    close(slots[0], actor)
    conflicts(office, NOW)
    with CaptureQueriesContext(connection) as one_of_each:
        conflicts(office, NOW)
    for slot in slots[1:]:
        for _person in range(3):
            booked(slot)
        close(slot, actor)
    with django_assert_num_queries(len(one_of_each)):
        conflicts(office, NOW)
    with django_assert_num_queries(1):
        count_open(office, NOW)
