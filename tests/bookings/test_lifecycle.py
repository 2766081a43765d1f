"""The life of a booking, verb by verb."""

import datetime as dt

import pytest

from bookings.domain import lifecycle
from bookings.domain.errors import (
    AlreadyBooked,
    HoldExpired,
    NotEligible,
    SlotFull,
    SlotNotOpen,
    Suspended,
    TooLate,
    WrongStatus,
)
from bookings.domain.leaving import leave
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.promise import book, hold_places
from bookings.enums import Channel, EventKind, Status
from bookings.models import Attendee, Booking
from offices.enums import Pool
from tests.factories import (
    NOW,
    make_identity,
    make_office,
    make_party,
    make_person,
    make_slot,
    quota_of,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def events(booking: Booking) -> list[str]:
    return list(booking.events.values_list("kind", flat=True))


def test_a_hold_takes_the_places_for_ten_minutes():
    slot = make_slot(online=5)
    booking = hold_places(make_party(slot, 2), SYSTEM, NOW)
    assert booking.status == Status.HELD
    assert booking.expires_at == NOW + 10 * MINUTE
    assert quota_of(slot).taken == 2
    assert events(booking) == [EventKind.HELD]


@pytest.mark.row("FS-06")
def test_family_of_three_takes_three_places_of_one_window_or_none():
    slot = make_slot(online=4)
    family = book(make_party(slot, 3), SYSTEM, NOW)
    assert (family.places, family.attendees.count(), quota_of(slot).taken) == (3, 3, 3)
    with pytest.raises(SlotFull):
        book(make_party(slot, 3), SYSTEM, NOW)
    assert quota_of(slot).taken == 3
    assert Booking.objects.count() == 1
    assert Attendee.objects.count() == 3


def test_booking_at_once_is_a_hold_and_a_confirmation():
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    assert booking.status == Status.CONFIRMED
    assert booking.expires_at is None
    assert events(booking) == [EventKind.HELD, EventKind.CONFIRMED]


def test_confirming_twice_is_confirming_once():
    booking = hold_places(make_party(make_slot()), SYSTEM, NOW)
    lifecycle.confirm(booking.pk, SYSTEM, NOW + MINUTE)
    again = lifecycle.confirm(booking.pk, SYSTEM, NOW + 2 * MINUTE)
    assert (again.status, again.confirmed_at) == (Status.CONFIRMED, NOW + MINUTE)
    assert events(booking) == [EventKind.HELD, EventKind.CONFIRMED]


def test_a_hold_can_not_be_confirmed_from_the_second_it_expires():
    booking = hold_places(make_party(make_slot()), SYSTEM, NOW)
    with pytest.raises(HoldExpired):
        lifecycle.confirm(booking.pk, SYSTEM, NOW + 10 * MINUTE)


def test_a_cancelled_booking_can_not_be_confirmed():
    booking = hold_places(make_party(make_slot()), SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    with pytest.raises(WrongStatus):
        lifecycle.confirm(booking.pk, SYSTEM, NOW)


def test_an_expired_hold_is_worth_nothing_to_the_next_who_wants_the_place():
    """No sweeper has run; the place goes to the next all the same (rule 6)."""
    slot = make_slot(online=1)
    first = hold_places(make_party(slot), SYSTEM, NOW)
    with pytest.raises(SlotFull):
        hold_places(make_party(slot), SYSTEM, NOW + 9 * MINUTE)
    second = hold_places(make_party(slot), SYSTEM, NOW + 10 * MINUTE)
    first.refresh_from_db()
    assert (first.status, second.status) == (Status.EXPIRED, Status.HELD)
    assert quota_of(slot).taken == 1


def test_a_person_whose_hold_expired_may_hold_again():
    slot = make_slot(online=5)
    person = make_person()
    hold_places(make_party(slot, people=(person,)), SYSTEM, NOW)
    again = hold_places(make_party(slot, people=(person,)), SYSTEM, NOW + 11 * MINUTE)
    assert again.status == Status.HELD
    assert quota_of(slot).taken == 1


def test_one_person_has_one_active_booking_per_line_whatever_office_and_channel():
    person = make_person()
    book(make_party(make_slot(), people=(person,)), SYSTEM, NOW)
    elsewhere = make_slot(office=make_office("harbin-city"))
    party = make_party(elsewhere, people=(make_person(), person), channel=Channel.PHONE)
    with pytest.raises(AlreadyBooked) as refusal:
        book(party, SYSTEM, NOW)
    assert refusal.value.positions == [1]
    assert quota_of(elsewhere).taken == 0


def test_cancelling_gives_back_the_places_once():
    slot = make_slot(online=5)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    assert quota_of(slot).taken == 0
    assert events(booking)[-1] == EventKind.CANCELLED
    assert len(events(booking)) == 3


def test_after_cancelling_the_same_person_may_book_again():
    slot, person = make_slot(), make_person()
    booking = book(make_party(slot, people=(person,)), SYSTEM, NOW)
    lifecycle.cancel(booking.pk, SYSTEM, NOW)
    assert book(make_party(slot, people=(person,)), SYSTEM, NOW).status == Status.CONFIRMED


def test_a_booking_may_be_cancelled_until_midnight_before_its_day():
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    midnight_in_xiamen = dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC)
    with pytest.raises(TooLate):
        lifecycle.cancel(booking.pk, SYSTEM, midnight_in_xiamen)
    cancelled = lifecycle.cancel(booking.pk, SYSTEM, midnight_in_xiamen - MINUTE)
    assert cancelled.status == Status.CANCELLED


def test_what_was_booked_after_the_deadline_may_be_cancelled_until_it_begins_and_not_moved():
    today = make_slot(online=5, starts_at=NOW + dt.timedelta(hours=3))
    later = make_slot(starts_at=NOW + dt.timedelta(days=2))
    booking = book(make_party(today, 2), SYSTEM, NOW)
    with pytest.raises(TooLate):
        lifecycle.reschedule(booking.pk, later.pk, SYSTEM, NOW)
    with pytest.raises(TooLate):
        lifecycle.cancel(booking.pk, SYSTEM, today.starts_at)
    assert leave(booking.pk, [0], SYSTEM, today.starts_at - MINUTE).places == 1
    cancelled = lifecycle.cancel(booking.pk, SYSTEM, today.starts_at - MINUTE)
    assert (cancelled.status, quota_of(today).taken) == (Status.CANCELLED, 0)


def test_what_was_held_before_the_deadline_and_confirmed_after_it_counts_as_made_after_it():
    midnight_in_xiamen = dt.datetime(2026, 8, 3, 16, 0, tzinfo=dt.UTC)
    hold = hold_places(make_party(make_slot()), SYSTEM, midnight_in_xiamen - MINUTE)
    lifecycle.confirm(hold.pk, SYSTEM, midnight_in_xiamen + MINUTE)
    cancelled = lifecycle.cancel(hold.pk, SYSTEM, midnight_in_xiamen + 2 * MINUTE)
    assert cancelled.status == Status.CANCELLED


def test_staff_may_cancel_on_the_day_itself():
    slot = make_slot()
    booking = book(make_party(slot), SYSTEM, NOW)
    late = slot.starts_at - MINUTE
    assert lifecycle.cancel(booking.pk, SYSTEM, late, by_staff=True).status == Status.CANCELLED


def test_moving_takes_the_new_places_and_gives_back_the_old():
    old = make_slot(online=5)
    new = make_slot(online=5, starts_at=old.starts_at + dt.timedelta(days=1))
    booking = book(make_party(old, 3), SYSTEM, NOW)
    moved = lifecycle.reschedule(booking.pk, new.pk, SYSTEM, NOW)
    assert (quota_of(old).taken, quota_of(new).taken) == (0, 3)
    assert (moved.slot_id, moved.version) == (new.pk, 1)
    moves = booking.events.filter(kind=EventKind.RESCHEDULED).values_list("data", flat=True)
    assert list(moves) == [{"from_slot": old.pk, "to_slot": new.pk}]


def test_a_party_that_does_not_fit_elsewhere_stays_where_it_is():
    old = make_slot(online=5)
    new = make_slot(online=2, starts_at=old.starts_at + dt.timedelta(days=1))
    booking = book(make_party(old, 3), SYSTEM, NOW)
    with pytest.raises(SlotFull):
        lifecycle.reschedule(booking.pk, new.pk, SYSTEM, NOW)
    booking.refresh_from_db()
    assert (booking.slot_id, booking.version) == (old.pk, 0)
    assert (quota_of(old).taken, quota_of(new).taken) == (3, 0)


def test_moving_to_the_same_window_changes_nothing():
    slot = make_slot(online=1)
    booking = book(make_party(slot), SYSTEM, NOW)
    assert lifecycle.reschedule(booking.pk, slot.pk, SYSTEM, NOW).version == 0


def test_a_booking_can_not_move_to_another_line():
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    foreigners = make_slot(line="foreigners")
    with pytest.raises(NotEligible):
        lifecycle.reschedule(booking.pk, foreigners.pk, SYSTEM, NOW)


def test_expiring_holds_twice_expires_them_once():
    slot = make_slot(online=9)
    for _ in range(3):
        hold_places(make_party(slot, 2), SYSTEM, NOW)
    confirmed = book(make_party(slot, 2), SYSTEM, NOW)
    later = NOW + 10 * MINUTE
    assert [lifecycle.expire_holds(later), lifecycle.expire_holds(later)] == [3, 0]
    assert quota_of(slot).taken == confirmed.places


def test_a_no_show_is_marked_when_the_time_to_check_in_is_over():
    slot = make_slot(online=3)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    grace_ends = slot.ends_at + 15 * MINUTE
    assert lifecycle.mark_no_shows(grace_ends - MINUTE) == 0
    assert lifecycle.mark_no_shows(grace_ends) == 1
    assert lifecycle.mark_no_shows(grace_ends) == 0
    booking.refresh_from_db()
    assert (booking.status, quota_of(slot).taken) == (Status.NO_SHOW, 0)


def test_no_shows_that_were_left_behind_for_days_are_marked_at_night():
    slot = make_slot(online=3)
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    days_later = slot.ends_at + 3 * 24 * 60 * MINUTE
    assert lifecycle.mark_no_shows(days_later) == 0
    assert lifecycle.mark_old_no_shows(days_later) == 1
    booking.refresh_from_db()
    assert (booking.status, quota_of(slot).taken) == (Status.NO_SHOW, 0)


def test_a_window_can_not_be_booked_before_its_release_nor_after_its_start():
    slot = make_slot(opens_at=NOW + MINUTE)
    with pytest.raises(SlotNotOpen) as refusal:
        book(make_party(slot), SYSTEM, NOW)
    assert refusal.value.state == "not_yet_open"
    with pytest.raises(SlotNotOpen) as refusal:
        book(make_party(slot), SYSTEM, slot.starts_at)
    assert refusal.value.state == "closed"


def test_the_web_does_not_take_what_is_kept_for_the_phone():
    slot = make_slot(online=0, assisted=2)
    with pytest.raises(SlotFull):
        book(make_party(slot), SYSTEM, NOW)
    booking = book(make_party(slot, channel=Channel.PHONE), SYSTEM, NOW)
    assert booking.quota == quota_of(slot, Pool.ASSISTED)


def test_the_phone_takes_online_places_when_its_own_are_gone():
    slot = make_slot(online=1, assisted=1)
    pools = [
        book(make_party(slot, channel=Channel.PHONE), SYSTEM, NOW).quota.pool for _ in range(2)
    ]
    assert pools == [Pool.ASSISTED, Pool.ONLINE]


def test_where_one_number_is_one_document_a_person_takes_a_place_for_each():
    office = make_office("zhuhai", policy={"place_per_document": True})
    slot = make_slot(online=3, office=office)
    person = make_person("passport-first", "hkm-permit-first")
    booking = book(make_party(slot, people=(person,)), SYSTEM, NOW)
    assert (booking.places, quota_of(slot).taken) == (2, 2)
    two = make_person("passport-first", "hkm-permit-first")
    with pytest.raises(SlotFull):
        book(make_party(slot, people=(two,)), SYSTEM, NOW)


def test_expired_holds_give_way_to_who_takes_a_place_for_each_document():
    """Fewer places are left than that, and no fewer than people (rule 6)."""
    office = make_office("zhuhai", policy={"place_per_document": True})
    slot = make_slot(online=2, office=office)
    hold_places(make_party(slot), SYSTEM, NOW)
    person = make_person("passport-first", "hkm-permit-first")
    party = make_party(slot, people=(person,))
    with pytest.raises(SlotFull):
        book(party, SYSTEM, NOW + 9 * MINUTE)
    assert book(party, SYSTEM, NOW + 10 * MINUTE).places == 2


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.WECHAT, Channel.KIOSK, Channel.PARTNER])
def test_a_suspension_closes_online_channels(channel):
    person = make_person()
    suspend(person)
    with pytest.raises(Suspended):
        book(make_party(make_slot(), people=(person,), channel=channel), SYSTEM, NOW)


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.COUNTER])
def test_a_suspension_leaves_phone_and_counter_open(channel):
    person = make_person()
    suspend(person)
    party = make_party(make_slot(assisted=1), people=(person,), channel=channel)
    assert book(party, SYSTEM, NOW).status == Status.CONFIRMED


def suspend(person):
    from applicants.models import Suspension

    Suspension.objects.create(
        identity_hash=person.identity.hash,
        starts_at=NOW - dt.timedelta(days=1),
        ends_at=NOW + dt.timedelta(days=29),
        no_shows=3,
    )


def test_a_booking_keeps_the_guide_that_was_shown():
    from offices.models import ServiceGuide

    booking = book(make_party(make_slot()), SYSTEM, NOW)
    application = booking.attendees.get().applications.get()
    shown = application.guide
    ServiceGuide.objects.create(service=application.service, valid_from=NOW.date(), fee=200)
    application.refresh_from_db()
    assert application.guide == shown
    newer = book(make_party(make_slot(starts_at=NOW + dt.timedelta(days=2))), SYSTEM, NOW)
    assert newer.attendees.get().applications.get().guide.fee == 200


def test_a_booking_keeps_its_channel_and_who_made_it():
    from applicants.models import Account

    account, _ = Account.objects.for_contact("sms", "+8613800138000")
    party = make_party(make_slot(), channel=Channel.WECHAT)
    booking = book(party, Actor(account=account), NOW)
    assert (booking.channel, booking.account) == (Channel.WECHAT, account)


def test_personal_data_is_unreadable_in_the_database():
    from django.db import connection

    identity = make_identity()
    person = make_person(name="演示甲", identity=identity)
    book(make_party(make_slot(), people=(person,)), SYSTEM, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number FROM bookings_attendee")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert identity.number.encode() not in stored
    assert "演示甲".encode() not in stored
    assert Attendee.objects.get().id_number == identity.number
