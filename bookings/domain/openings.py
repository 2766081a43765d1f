"""Reads parties that have to move, and the windows that could take them, as plain values."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from bookings.domain.eligibility import against_session
from bookings.domain.move_plan import Free, Movable, Opening
from bookings.domain.targets import as_person
from bookings.models import Booking, Quota, Slot
from bookings.models.slot import SlotQuerySet
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office, Session


def openings_for(
    bookings: Collection[Booking], elsewhere: Iterable[Office], days: int, now: dt.datetime
) -> SlotQuerySet:
    """The windows of their offices and of `elsewhere` that could take some of these bookings.

    Those that aren't released yet are among them: staff may give out their places. Those that the
    bookings leave are not.
    """
    leaving = {booking.slot_id: booking.slot for booking in bookings}.values()
    offices = {slot.office_id for slot in leaving} | {office.pk for office in elsewhere}
    dates = {slot.date for slot in leaving} or {now.date()}
    return Slot.objects.filter(
        office__in=offices,
        line__in={slot.line_id for slot in leaving},
        date__range=(min(dates), max(dates) + dt.timedelta(days=days)),
        closed_at=None,
        starts_at__gt=now,
    ).exclude(pk__in=[slot.pk for slot in leaving])


def as_openings(slots: SlotQuerySet, returning: Mapping[int, int]) -> list[Opening]:
    """The windows with the places that their pools have left. Two statements.

    `returning` are places of expired holds that count as taken still, by quota id.
    """
    free: dict[int, dict[str, Free]] = defaultdict(dict)
    for quota in Quota.objects.filter(slot__in=slots, closed=False):
        places = quota.left + returning.get(quota.pk, 0)
        free[quota.slot_id][quota.pool] = Free(quota.pk, places)
    roomy = [slot for slot in slots if slot.pk in free]
    days = {(slot.office_id, slot.date) for slot in roomy}
    offered = {day: catalogue.offered(*day) for day in days}
    return [_opening(slot, offered[slot.office_id, slot.date], free[slot.pk]) for slot in roomy]


def movables(
    bookings: Collection[Booking], openings: Iterable[Opening], elsewhere: Iterable[Office]
) -> list[Movable]:
    """The parties of these bookings, which were read `with_details`."""
    office_ids = {booking.slot.office_id for booking in bookings}
    policies = {pk: policy_for(catalogue.office(pk)) for pk in office_ids}
    away = {office.pk: policy_for(catalogue.office(office.pk)) for office in elsewhere}
    session_ids = {opening.session_id for opening in openings if opening.session_id is not None}
    sessions = [catalogue.session(session_id) for session_id in session_ids]
    return [
        _movable(
            booking, {**away, booking.slot.office_id: policies[booking.slot.office_id]}, sessions
        )
        for booking in bookings
    ]


def _opening(slot: Slot, offered: frozenset[str], free: Mapping[str, Free]) -> Opening:
    return Opening(
        slot_id=slot.pk,
        office_id=slot.office_id,
        line_id=slot.line_id,
        date=slot.date,
        starts_at=slot.starts_at,
        session_id=slot.session_id,
        offered=offered,
        free=free,
    )


def _movable(
    booking: Booking, policies: Mapping[int, BookingPolicy], sessions: Iterable[Session]
) -> Movable:
    slot = booking.slot
    attendees = booking.attendees.all()
    people = [as_person(attendee) for attendee in attendees]
    return Movable(
        booking_id=booking.pk,
        version=booking.version,
        places=booking.places,
        slot_id=slot.pk,
        office_id=slot.office_id,
        line_id=slot.line_id,
        date=slot.date,
        starts_at=slot.starts_at,
        pools={pk: policy.pools_for(booking.channel) for pk, policy in policies.items()},
        services=frozenset(
            application.service.code
            for attendee in attendees
            for application in attendee.applications.all()
        ),
        barred=frozenset(
            session.pk
            for session in sessions
            if any(against_session(people, session, session.date))
        ),
    )
