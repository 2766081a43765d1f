"""Telling those who have a booking that they could come earlier. They move by themselves.

Nothing is held for them: who has no place at all goes first, and what nobody waits for is free to
everybody by then.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from applicants.models import Account
from bookings.domain.deadlines import change_deadline
from bookings.domain.eligibility import suits
from bookings.domain.errors import TooLate, WrongStatus
from bookings.domain.targets import as_person
from bookings.domain.waiting import news
from bookings.domain.waiting.entries import end, lock
from bookings.domain.waiting.free import READ_AT_ONCE, Window, free_windows, sought_by
from bookings.domain.waiting.offering import may_ask
from bookings.enums import Status, WaitingKind, WaitingState
from bookings.models import Booking, WaitingEntry

# In one run; the next one is a minute later, and whoever was told is passed over.
MOST_TOLD = 1000


def ask_for_earlier(account: Account, booking: Booking, now: dt.datetime) -> WaitingEntry:
    """Be told of earlier times at the same office; asking again changes nothing.

    Raises WrongStatus, and TooLate where it can't be moved any more.
    """
    if booking.status != Status.CONFIRMED:
        raise WrongStatus(str(booking.get_status_display()))
    deadline, office = change_deadline(booking), booking.slot.office
    if now >= deadline:
        raise TooLate(deadline, office.zone)
    entry, _created = WaitingEntry.objects.update_or_create(
        account=account,
        kind=WaitingKind.EARLIER,
        line=booking.slot.line,
        office=office,
        state=WaitingState.WAITING,
        defaults={"booking": booking, "last_day": booking.slot.date, "places": booking.places},
        create_defaults={
            "booking": booking,
            "city": office.city,
            "first_day": office.local_date(now),
            "last_day": booking.slot.date,
            "places": booking.places,
            "made_at": now,
        },
    )
    return entry


def tell_of_earlier_times(now: dt.datetime, limit: int = MOST_TOLD) -> int:
    """One message a day to each for whom there is an earlier time; how many.

    None at night: it wakes people, and what is free then may be gone in the morning.
    """
    waiting = WaitingEntry.objects.filter(kind=WaitingKind.EARLIER, state=WaitingState.WAITING)
    details = waiting.select_related(
        "booking__slot__office__bureau__parent", "booking__slot__line"
    ).order_by("made_at", "pk")
    windows = free_windows(sought_by(waiting), now, hidden=False)
    told = 0
    for entry in details.iterator(READ_AT_ONCE):
        told += _tell(entry, windows.get(entry.line_id, ()), now)
        if told == limit:
            break
    return told


def _tell(entry: WaitingEntry, windows: Iterable[Window], now: dt.datetime) -> bool:
    booking = entry.booking
    if booking is None or not _may_move(booking, now):
        with transaction.atomic():
            end(lock(entry.pk), WaitingState.DONE, now)
        return False
    fitting = (one for one in windows if _suits(entry, booking, one, now))
    window = next(fitting, None)
    if window is None:
        return False
    with transaction.atomic():
        claimed = WaitingEntry.objects.filter(
            pk=entry.pk, state=WaitingState.WAITING, last_offer_at=entry.last_offer_at
        )
        if not claimed.update(last_offer_at=now):
            return False
        news.earlier(booking, window.starts_at, now)
    return True


def _may_move(booking: Booking, now: dt.datetime) -> bool:
    return booking.status == Status.CONFIRMED and now < change_deadline(booking)


def _suits(entry: WaitingEntry, booking: Booking, window: Window, now: dt.datetime) -> bool:
    if not (
        window.is_wanted_by(entry)
        # It may have moved to another one since.
        and window.office.pk == booking.slot.office_id
        and window.starts_at < booking.slot.starts_at
        and window.left >= booking.places
        and window.awake(now) == now
        and window.answer_until(now)
        and may_ask(entry, window, now)
    ):
        return False
    people = [as_person(attendee) for attendee in booking.attendees.coming()]
    return suits(people, window.session_id, window.date)
