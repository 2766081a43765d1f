"""Arrival: a valid booking of the day becomes a queue number (JJ-06, XM-08)."""

import datetime as dt

from django.db import transaction

from applicants.enums import Priority
from applicants.identity import Identity
from bookings.domain.deadlines import check_in_window
from bookings.domain.errors import WrongStatus
from bookings.domain.lifecycle import lock_booking, record
from bookings.domain.parties import Actor
from bookings.enums import EventKind, Status
from bookings.models import Attendee, Booking
from bookings.models.booking import BookingQuerySet
from offices.domain.policy import policy_for
from offices.domain.walk_in import walk_in_allowed
from offices.models import Office
from visits.domain.errors import NotToday, TooEarly
from visits.domain.tickets import issue, next_number
from visits.enums import Arrival, Series
from visits.models import CheckIn, Ticket

ARRIVING = (Status.CONFIRMED, Status.NO_SHOW)


def bookings_of_day(office: Office, now: dt.datetime) -> BookingQuerySet:
    """Bookings of this office for today that somebody may still arrive for, or has."""
    today = Booking.objects.filter(slot__office=office, slot__date=office.local_date(now))
    return today.filter(status__in=[*ARRIVING, Status.CHECKED_IN]).order_by("slot__starts_at", "pk")


def find_by_identity(office: Office, identity: Identity, now: dt.datetime) -> BookingQuerySet:
    """Today's bookings with this person in the party."""
    people = Attendee.objects.coming().filter(identity_hash=identity.hash)
    return bookings_of_day(office, now).filter(pk__in=people.values("booking_id"))


def check_in(booking_id: int, office: Office, actor: Actor, now: dt.datetime) -> CheckIn:
    """Give the party its queue number; asked again, the same one.

    Someone early is called from the booked time on. Someone late is served as a walk-in: the
    place has gone to the walk-in pool by then, and the arrival shows that they did come.
    Raises NotToday, TooEarly, WrongStatus.
    """
    with transaction.atomic():
        booking = lock_booking(booking_id)
        _refuse_elsewhere(booking, office, now)
        known = CheckIn.objects.filter(booking=booking).select_related("ticket").first()
        if known is not None:
            return known
        arrival = _arrival(booking, now)
        _mark_arrived(booking, arrival, actor, now)
        ticket = _issue_ticket(booking, arrival, actor, now)
        return CheckIn.objects.create(
            booking=booking, ticket=ticket, arrival=arrival, at=now, operator=actor.operator
        )


def _refuse_elsewhere(booking: Booking, office: Office, now: dt.datetime) -> None:
    slot = booking.slot
    if slot.office_id != office.pk or slot.date != office.local_date(now):
        walk_in = walk_in_allowed(policy_for(office), office.local_date(now))
        raise NotToday(slot.office.label, f"{slot.local_start:%Y-%m-%d %H:%M}", walk_in)


def _arrival(booking: Booking, now: dt.datetime) -> Arrival:
    if booking.status not in ARRIVING:
        raise WrongStatus(str(booking.get_status_display()))
    opens, closes = check_in_window(booking.slot, policy_for(booking.slot.office))
    if now < opens:
        raise TooEarly(f"{opens.astimezone(booking.slot.office.zone):%H:%M}")
    if booking.status == Status.NO_SHOW or now >= closes:
        return Arrival.LATE
    return Arrival.EARLY if now < booking.slot.starts_at else Arrival.ON_TIME


def _mark_arrived(booking: Booking, arrival: Arrival, actor: Actor, now: dt.datetime) -> None:
    """Whoever is late stays a no-show, as the place is gone; that they came is known as well."""
    if arrival != Arrival.LATE:
        booking.status = Status.CHECKED_IN
        booking.save(update_fields=["status"])
    record(booking, EventKind.CHECKED_IN, actor, now)


def _issue_ticket(booking: Booking, arrival: Arrival, actor: Actor, now: dt.datetime) -> Ticket:
    slot = booking.slot
    series = Series.WALK_IN if arrival == Arrival.LATE else Series.BOOKED
    people = Attendee.objects.filter(booking=booking, left_at=None)
    first = people.exclude(priority=Priority.NONE).values_list("priority", flat=True).first()
    return issue(
        slot.office,
        slot.line,
        series,
        next_number(slot.office, slot.date, series),
        actor,
        now,
        booking=booking,
        session_id=slot.session_id,
        priority=first or Priority.NONE,
        callable_from=max(now, slot.starts_at),
    )
