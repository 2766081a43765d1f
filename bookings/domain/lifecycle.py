"""The life of a booking: held → confirmed → checked in → served, or its other ends.

Each verb is one transaction. It claims the booking by a conditional UPDATE, writes what nobody
contends for, and settles the places last (see allocation.py). All are safe to repeat.
"""

import datetime as dt
import secrets
from collections import Counter

from django.db import transaction
from django.db.models import Q

from applicants.domain.nudge import Nudge
from applicants.enums import MessageKind
from bookings.domain import allocation, messages
from bookings.domain.deadlines import cancel_deadline, change_deadline
from bookings.domain.ending import end_all
from bookings.domain.errors import HoldExpired, SlotFull, TooLate, WrongStatus
from bookings.domain.parties import Actor
from bookings.domain.targets import Target, look
from bookings.enums import EventKind, Status
from bookings.models import Attendee, Booking, BookingEvent, Slot
from bookings.models.booking import BookingQuerySet
from offices.domain.policy import policy_for
from offices.models import Office

OPEN_STATUSES = (Status.HELD, Status.CONFIRMED)
# For so long the windows that are over are looked at every few minutes.
SHORTLY = dt.timedelta(days=2)
# Whoever waits is asked at once, and not only at the next beat.
waiting_list = Nudge("bookings.tasks.offer_places")


def confirm(booking_id: int, actor: Actor, now: dt.datetime) -> Booking:
    """Turn a hold into a promise; confirming again changes nothing.

    Raises HoldExpired, WrongStatus.
    """
    with transaction.atomic():
        confirmed = Booking.objects.filter(
            pk=booking_id, status=Status.HELD, expires_at__gt=now
        ).update(status=Status.CONFIRMED, confirmed_at=now)
        booking = _read(booking_id)
        if confirmed:
            record(booking, EventKind.CONFIRMED, actor, now)
            messages.announce(booking, MessageKind.CONFIRMED, now, reminders=True)
    if not confirmed:
        _refuse_confirming(booking)
    return booking


def _refuse_confirming(booking: Booking) -> None:
    if booking.status in (Status.HELD, Status.EXPIRED):
        raise HoldExpired
    if booking.status not in (Status.CONFIRMED, Status.CHECKED_IN, Status.SERVED):
        raise WrongStatus(str(booking.get_status_display()))


def cancel(booking_id: int, actor: Actor, now: dt.datetime, *, by_staff: bool = False) -> Booking:
    """Give the places back; cancelling again changes nothing.

    A hold may be given up at any time, a confirmed booking until `cancel_deadline`, which
    does not bind staff. Raises TooLate, WrongStatus.
    """
    with transaction.atomic():
        booking = lock_booking(booking_id)
        if booking.status in (Status.CANCELLED, Status.EXPIRED):
            return booking
        was_confirmed = booking.status == Status.CONFIRMED
        refuse_changing(booking, now, by_staff, giving_back=True)
        _end(booking, Status.CANCELLED, EventKind.CANCELLED, actor, now)
        if was_confirmed:
            messages.withdraw_promises([booking.number])
            messages.announce(booking, MessageKind.CANCELLED, now)
        # What was offered to somebody who waited is for who waits next.
        passed_on = was_confirmed or hasattr(booking, "offer")
        later = shown_later(booking, now) if passed_on else None
        allocation.settle({booking.quota_id: -booking.places}, later)
    return booking


@transaction.atomic
def withdraw_offer(booking_id: int, actor: Actor, now: dt.datetime, *, declined: bool) -> Status:
    """End a hold that was offered, and keep its places for whoever waits next, while it lasts.

    Changes nothing where it was confirmed or has ended; its status.
    """
    booking = lock_booking(booking_id)
    if booking.status == Status.HELD:
        ways = (Status.CANCELLED, EventKind.CANCELLED), (Status.EXPIRED, EventKind.EXPIRED)
        status, event = ways[not declined]
        _end(booking, status, event, actor, now)
        # Afterwards everybody sees them already (rule 6).
        lasts = booking.expires_at is not None and booking.expires_at > now
        later = shown_later(booking, now) if lasts else None
        allocation.settle({booking.quota_id: -booking.places}, later)
    return Status(booking.status)


def shown_later(booking: Booking, now: dt.datetime) -> allocation.Later:
    """When others see the places of this booking: nobody can tell, so nobody can lie in wait."""
    seconds = policy_for(booking.slot.office).reappear_minutes * 60
    # Time enough for those who wait to be asked first.
    delay = seconds - secrets.randbelow(seconds * 4 // 5 + 1)
    waiting_list.nudge_on_commit()
    return allocation.Later(booking.quota_id, now, now + dt.timedelta(seconds=delay))


def reschedule(
    booking_id: int, slot_id: int, actor: Actor, now: dt.datetime, *, by_staff: bool = False
) -> Booking:
    """Move the whole party to another slot, or leave it where it is (rule 2).

    Raises SlotFull, SlotNotOpen, NotEligible, TooLate, WrongStatus, Slot.DoesNotExist.
    """
    booking = _read(booking_id)
    if booking.slot_id == slot_id:
        return booking
    target = look(slot_id, booking.channel, booking.places, now, actor, reserved=by_staff)
    target.refuse_strangers(booking)
    for quota_id in target.candidates:
        try:
            return _move(booking_id, target, quota_id, actor, now, by_staff)
        except allocation.NoPlaces:
            continue
    raise SlotFull(slot_id, booking.places)


@transaction.atomic
def _move(
    booking_id: int, target: Target, quota_id: int, actor: Actor, now: dt.datetime, by_staff: bool
) -> Booking:
    lapsed: Counter[int] = Counter()
    if target.crowded:
        _lock_in_order(booking_id, target.slot, now)
        lapsed = lapse(Q(slot=target.slot), now)
    booking = lock_booking(booking_id)
    refuse_changing(booking, now, by_staff)
    from_slot, from_quota = booking.slot_id, booking.quota_id
    later = shown_later(booking, now) if booking.status == Status.CONFIRMED else None
    booking.slot, booking.quota_id = target.slot, quota_id
    booking.version += 1
    booking.save(update_fields=["slot", "quota", "version"])
    record(booking, EventKind.RESCHEDULED, actor, now, from_slot=from_slot, to_slot=booking.slot_id)
    if booking.status == Status.CONFIRMED:
        messages.withdraw_promises([booking.number])
        messages.announce(booking, MessageKind.RESCHEDULED, now, reminders=True)
    changes = lapsed + Counter({from_quota: booking.places})
    net = allocation.net({quota_id: booking.places}, changes)
    allocation.settle(net, later, taking=[quota_id])
    return booking


@transaction.atomic
def serve(booking_id: int, actor: Actor, now: dt.datetime) -> Booking:
    """Everything is done: the places stay taken, and its people may book again.

    Serving again changes nothing; who came too late stays a no-show.
    """
    booking = lock_booking(booking_id)
    if booking.status == Status.CHECKED_IN:
        _end(booking, Status.SERVED, EventKind.SERVED, actor, now)
    return booking


def _lock_in_order(booking_id: int, slot: Slot, now: dt.datetime) -> None:
    """Lock the booking among the slot's expired holds, so that no two movers wait in a ring."""
    expired = Booking.objects.held_past(now).filter(slot=slot)
    both = Booking.objects.filter(Q(pk=booking_id) | Q(pk__in=expired.values("pk")))
    list(both.order_by("pk").select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def expire_holds(now: dt.datetime, limit: int = 500) -> int:
    """End up to `limit` holds whose time is over and free their places; how many there were."""
    # In the order of the index, so that a batch is found without sorting them all.
    overdue = Booking.objects.held_past(now).order_by("slot_id", "expires_at")[:limit]
    ended = end_all(_free(overdue), Status.EXPIRED, EventKind.EXPIRED, now)
    allocation.give_back_many(ended.places)
    return len(ended.numbers)


def mark_no_shows(now: dt.datetime, limit: int = 500) -> int:
    """End confirmed bookings whose time to check in is over; how many there were.

    At most `limit` of each office. Who comes later is served as a walk-in (XM-08).
    """
    return _mark_missed(now, now - SHORTLY, limit)


def mark_old_no_shows(now: dt.datetime, limit: int = 500) -> int:
    """The same for windows of any age: what was left behind while no worker ran.

    It looks at every window that ever was, and takes seconds over millions of them.
    """
    return _mark_missed(now, None, limit)


def _mark_missed(now: dt.datetime, since: dt.datetime | None, limit: int) -> int:
    waiting = _missed(now, since).order_by().values("slot__office")
    offices = Office.objects.filter(pk__in=waiting).select_related("bureau__parent")
    return sum(_mark_no_shows_of(office, now, since, limit) for office in offices)


@transaction.atomic
def _mark_no_shows_of(
    office: Office, now: dt.datetime, since: dt.datetime | None, limit: int
) -> int:
    grace = dt.timedelta(minutes=policy_for(office).check_in_grace_minutes)
    missed = _missed(now - grace, since).filter(slot__office=office).order_by("pk")
    ended = end_all(_free(missed[:limit]), Status.NO_SHOW, EventKind.NO_SHOW, now)
    messages.withdraw_promises(ended.numbers)
    if since is not None:
        # Weeks later nobody wants to hear of it.
        told = _bookings().filter(number__in=ended.numbers)
        messages.announce_all(told, MessageKind.NO_SHOW, now)
    allocation.give_back_many(ended.places)
    return len(ended.numbers)


def _missed(now: dt.datetime, since: dt.datetime | None) -> BookingQuerySet:
    missed = Booking.objects.missed(now)
    if since is None:
        return missed
    # The day is what finds the windows of one office, the moment those of all.
    day = since.date() - dt.timedelta(days=1)
    return missed.filter(slot__ends_at__gt=since, slot__date__gte=day)


def _free(bookings: BookingQuerySet) -> BookingQuerySet:
    """Locked, without those that another process is busy with."""
    return bookings.select_for_update(of=("self",), skip_locked=True, no_key=True)


def lapse(which: Q, now: dt.datetime) -> Counter[int]:
    """End the expired holds among `which`; the places to give back, by quota id.

    It waits for whoever is ending them already, so that the places are surely free after it.
    The caller gives the places back when it settles.
    """
    holds = Booking.objects.held_past(now).filter(which).order_by("pk")
    locked = holds.select_for_update(of=("self",), no_key=True)
    return end_all(locked, Status.EXPIRED, EventKind.EXPIRED, now).places


def _end(
    booking: Booking, status: Status, event: EventKind, actor: Actor, now: dt.datetime
) -> None:
    booking.status, booking.ended_at = status, now
    booking.save(update_fields=["status", "ended_at"])
    Attendee.objects.filter(booking=booking).update(active=False)
    record(booking, event, actor, now)


def record(
    booking: Booking, kind: EventKind, actor: Actor, now: dt.datetime, **data: object
) -> None:
    if actor.by_code:
        data["by_code"] = True
    BookingEvent.objects.create(
        booking=booking,
        kind=kind,
        at=now,
        account=actor.person,
        partner=actor.partner,
        data=data,
    )


def _read(booking_id: int) -> Booking:
    return _bookings().get(pk=booking_id)


def lock_booking(booking_id: int) -> Booking:
    """The booking with its slot and office, locked until the transaction ends.

    Raises Booking.DoesNotExist.
    """
    # By itself: a booking that moves while we wait would no longer match the slot of a join.
    list(Booking.objects.filter(pk=booking_id).select_for_update(no_key=True).values_list("pk"))
    return _read(booking_id)


def _bookings() -> BookingQuerySet:
    return Booking.objects.select_related("slot__office__bureau__parent", "slot__line", "account")


def refuse_changing(
    booking: Booking, now: dt.datetime, by_staff: bool, *, giving_back: bool = False
) -> None:
    """`giving_back`: nothing but places. Raises HoldExpired, WrongStatus, TooLate."""
    if booking.status == Status.HELD and booking.expires_at and booking.expires_at <= now:
        raise HoldExpired
    if booking.status not in OPEN_STATUSES:
        raise WrongStatus(str(booking.get_status_display()))
    deadline = cancel_deadline(booking) if giving_back else change_deadline(booking)
    if booking.status == Status.CONFIRMED and now >= deadline and not by_staff:
        raise TooLate(deadline, booking.slot.office.zone)
