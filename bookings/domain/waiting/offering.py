"""Places that came free are offered to whoever waited longest and fits (decision 14).

An offer is a hold in the name of who waits, made like any other: it can't be promised twice, and
all of its rows are there or none. Two workers may offer at once: an entry is claimed by a
conditional UPDATE, and a place is taken by the counter alone.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import transaction
from django.db.models import Q, prefetch_related_objects

from bookings.domain.eligibility import find_services, reasons_against_people, suits
from bookings.domain.errors import BookingError, SlotFull, SlotNotOpen
from bookings.domain.households import contact_of
from bookings.domain.parties import Actor, Party, Person, service_codes
from bookings.domain.promise import hold_places, person_places
from bookings.domain.waiting import news
from bookings.domain.waiting.entries import people_of
from bookings.domain.waiting.free import (
    READ_AT_ONCE,
    Window,
    Windows,
    free_windows,
    sought_by,
)
from bookings.enums import Channel, WaitingKind, WaitingState
from bookings.models import WaitingEntry, WaitingOffer
from bookings.models.waiting import WaitingEntryQuerySet
from offices.domain import catalogue

# The hold outlives the time to answer, so that the place goes straight to the next.
PASSED_ON_WITHIN = dt.timedelta(minutes=3)
# In one run; the next one is a minute later, and whoever was asked is passed over.
MOST_ASKED = 1000


class _Claimed(Exception):
    """Another worker was quicker, or the entry has ended."""


def offer_to_waiting_list(now: dt.datetime, limit: int = MOST_ASKED) -> int:
    """Offer free places in the order in which people came; how many offers.

    At most one a day for each entry, and none so late that there is no time to answer.
    """
    askable = _askable(now)
    windows = free_windows(sought_by(askable), now)
    made = 0
    for entry in _near(askable, windows).iterator(READ_AT_ONCE):
        made += _offer_some(entry, windows.get(entry.line_id, ()), now)
        if made == limit:
            break
    return made


def _near(entries: WaitingEntryQuerySet, windows: Windows) -> WaitingEntryQuerySet:
    """Those of a line and a city where something is free: the others aren't even read."""
    where = Q(pk__in=())
    for line_id, free in windows.items():
        where |= Q(line=line_id, city__in={window.office.city for window in free})
    return entries.filter(where)


def _askable(now: dt.datetime) -> WaitingEntryQuerySet:
    # Whether that was today is for the clock of an office to say: see may_ask.
    asked_just_now = Q(last_offer_at__gt=now - dt.timedelta(hours=1))
    waiting = WaitingEntry.objects.filter(
        ~asked_just_now,
        kind=WaitingKind.PLACE,
        state=WaitingState.WAITING,
        last_day__gte=now.date() - dt.timedelta(days=1),
    )
    return waiting.select_related("account").order_by("made_at", "pk")


def _offer_some(entry: WaitingEntry, windows: Iterable[Window], now: dt.datetime) -> bool:
    """Offer the first window that takes this party."""
    wanted = [one for one in windows if one.is_wanted_by(entry) and may_ask(entry, one, now)]
    for window, people in _fitting(entry, wanted):
        until = window.answer_until(now)
        if until is None:
            continue
        try:
            _offer(entry, window, people, until, now)
        except (SlotFull, SlotNotOpen):
            # Somebody else took it meanwhile, or it is for nobody.
            window.left = 0
        except (BookingError, _Claimed):
            # The party can't book at all just now; its page says why.
            return False
        else:
            window.left -= _places(people, window)
            return True
    return False


def may_ask(entry: WaitingEntry, window: Window, now: dt.datetime) -> bool:
    """At most once a day of the office's own clock."""
    last = entry.last_offer_at
    return last is None or window.office.local_date(last) != window.office.local_date(now)


def _fitting(
    entry: WaitingEntry, windows: list[Window]
) -> Iterator[tuple[Window, tuple[Person, ...]]]:
    if windows:
        prefetch_related_objects([entry.account], "household")
    for window in windows:
        people = people_of(entry, window.date)
        if not people:
            return
        if _places(people, window) <= window.left and _admits(window, people):
            yield window, people


def _admits(window: Window, people: tuple[Person, ...]) -> bool:
    """Whether nothing of this office or day speaks against them: at others they are welcome."""
    services = find_services(service_codes(people))
    if not services.keys() <= catalogue.offered(window.office.pk, window.date):
        return False
    against = reasons_against_people(people, window.date, window.policy, services)
    return not against and suits(people, window.session_id, window.date)


def _places(people: tuple[Person, ...], window: Window) -> int:
    return sum(person_places(person, window.policy) for person in people)


@transaction.atomic
def _offer(
    entry: WaitingEntry,
    window: Window,
    people: tuple[Person, ...],
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    """All of it or nothing, wherever a worker dies. The entry is locked first."""
    _claim(entry, now)
    account = entry.account
    contact = replace(contact_of(account), language=account.language)
    party = Party(window.slot_id, Channel.WEB, people, contact)
    actor = Actor(account=account)
    hold = hold_places(party, actor, now, offered_until=until + PASSED_ON_WITHIN)
    WaitingOffer.objects.create(entry=entry, booking=hold, made_at=now, expires_at=until)
    news.offered(hold, until, window.awake(now))


def _claim(entry: WaitingEntry, now: dt.datetime) -> None:
    """Raises _Claimed unless it is as it was read: waiting, and asked no more since."""
    same = WaitingEntry.objects.filter(
        pk=entry.pk, state=WaitingState.WAITING, last_offer_at=entry.last_offer_at
    )
    if not same.update(state=WaitingState.OFFERED, last_offer_at=now):
        raise _Claimed
