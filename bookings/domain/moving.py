"""Moves many bookings at once to the nearest windows that have room: all of them or none."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from applicants.enums import MessageKind
from bookings.domain import allocation, messages
from bookings.domain.availability import expired_places
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import lapse
from bookings.domain.move_plan import MovePlan, PlannedMove, Reach, exactly, nearest_first
from bookings.domain.openings import as_openings, movables, openings_for
from bookings.domain.parties import Actor
from bookings.enums import EventKind, Settlement, Status
from bookings.models import Booking, BookingEvent, ConflictNote, Slot
from bookings.models.booking import BookingQuerySet
from offices.models import Office

# Who comes earlier than planned needs the time to read the message and to set out.
NOTICE = dt.timedelta(hours=2)
WITHIN_DAYS = 14
# Of one move: a transaction of a second or two, and a form that Django reads.
LARGEST_MOVE = 400


@dataclass(frozen=True, slots=True)
class Move:
    """A booking that goes to a slot, as somebody saw it in a preview."""

    booking_id: int
    version: int
    slot_id: int


@dataclass
class PlanOutdated(BookingError):
    """Places or bookings have changed since the preview; nobody was moved."""

    code: ClassVar[str] = "plan_outdated"

    @property
    def message(self) -> str:
        return _(
            "Places or bookings have changed since you looked, so nobody was moved. "
            "Below is how they would be moved now."
        )


def plan_moves(
    bookings: Collection[Booking],
    now: dt.datetime,
    *,
    within_days: int = WITHIN_DAYS,
    elsewhere: Collection[Office] = (),
) -> MovePlan:
    """Each of these confirmed bookings to the nearest window with room for the whole party.

    At its own office and, if nothing fits there, `elsewhere`. Nothing is changed or locked.
    """
    slots = openings_for(bookings, elsewhere, within_days, now)
    openings = as_openings(slots, expired_places(slots, now))
    reach = Reach(now + NOTICE, within_days)
    return nearest_first(movables(bookings, openings, elsewhere), openings, reach)


def move_together(
    moves: Sequence[Move],
    *,
    office: Office,
    elsewhere: Collection[Office] = (),
    within_days: int = WITHIN_DAYS,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[Booking]:
    """Make all these moves of an office's bookings, or none.

    New places are taken before old ones are given back, each holder is told with the reason, and
    deadlines don't bind staff. Raises PlanOutdated if a booking has changed or one of the places
    is gone.
    """
    if not reason.strip():
        raise ValueError("Moving people needs a reason.")
    try:
        with transaction.atomic():
            lapsed = _lock(moves, now)
            bookings = _still_there(moves, office, now)
            plan = _plan_again(moves, bookings, elsewhere, within_days, lapsed, now)
            return _move(plan, bookings, lapsed, reason.strip(), actor, now)
    except allocation.NoPlaces:
        raise PlanOutdated from None


def _lock(moves: Iterable[Move], now: dt.datetime) -> Counter[int]:
    """Lock the bookings among the holds that end for them, in the order of their ids.

    The places of those holds, by quota id: nobody who asks for them waits for a sweeper (rule 6).
    """
    target_ids = {move.slot_id for move in moves}
    expired = Booking.objects.held_past(now).filter(slot__in=target_ids)
    moving = Q(pk__in=[move.booking_id for move in moves])
    both = Booking.objects.filter(moving | Q(pk__in=expired.values("pk")))
    list(both.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return lapse(Q(slot__in=target_ids), now)


def _still_there(moves: Iterable[Move], office: Office, now: dt.datetime) -> list[Booking]:
    """Raises PlanOutdated unless all are as they were seen."""
    seen = {move.booking_id: move.version for move in moves}
    bookings = list(movable_at(office, now).filter(pk__in=seen).with_details())
    if {booking.pk: booking.version for booking in bookings} != seen:
        raise PlanOutdated
    return bookings


def movable_at(office: Office, now: dt.datetime) -> BookingQuerySet:
    """Bookings of the office that staff may move: confirmed, not over, and nobody has come yet."""
    return Booking.objects.filter(
        slot__office=office, slot__ends_at__gt=now, status=Status.CONFIRMED
    )


def _plan_again(
    moves: Iterable[Move],
    bookings: Collection[Booking],
    elsewhere: Collection[Office],
    within_days: int,
    lapsed: Mapping[int, int],
    now: dt.datetime,
) -> MovePlan:
    targets = {move.booking_id: move.slot_id for move in moves}
    slots = openings_for(bookings, elsewhere, within_days, now).filter(pk__in=targets.values())
    openings = as_openings(slots, lapsed)
    parties = movables(bookings, openings, elsewhere)
    plan = exactly(parties, openings, targets, Reach(now + NOTICE, within_days))
    if plan.stuck:
        raise PlanOutdated
    return plan


def _move(
    plan: MovePlan,
    bookings: Iterable[Booking],
    lapsed: Counter[int],
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> list[Booking]:
    by_id = {booking.pk: booking for booking in bookings}
    slots = Slot.objects.select_related("office__bureau__parent", "line", "session").in_bulk(
        {move.opening.slot_id for move in plan.moves}
    )
    _write_what_happened(plan, reason, actor, now)
    changes: Counter[int] = Counter(lapsed)
    taken: Counter[int] = Counter()
    for move in plan.moves:
        booking = by_id[move.party.booking_id]
        changes[booking.quota_id] += booking.places
        taken[move.quota_id] += booking.places
        booking.slot, booking.quota_id = slots[move.opening.slot_id], move.quota_id
        booking.version += 1
    moved = [by_id[move.party.booking_id] for move in plan.moves]
    Booking.objects.bulk_update(moved, ["slot", "quota", "version"])
    messages.withdraw_promises([booking.number for booking in moved])
    messages.announce_all(moved, MessageKind.RESCHEDULED, now, reminders=True, notice=reason)
    allocation.settle(allocation.net(taken, changes), taking=taken)
    return moved


def _write_what_happened(plan: MovePlan, reason: str, actor: Actor, now: dt.datetime) -> None:
    BookingEvent.objects.bulk_create(_event(move, reason, actor, now) for move in plan.moves)
    ConflictNote.objects.bulk_create(
        ConflictNote(
            booking_id=move.party.booking_id,
            slot_id=move.party.slot_id,
            kind=Settlement.MOVED,
            at=now,
            account=actor.person,
            reason=reason,
        )
        for move in plan.moves
    )


def _event(move: PlannedMove, reason: str, actor: Actor, now: dt.datetime) -> BookingEvent:
    ways = {"from_slot": move.party.slot_id, "to_slot": move.opening.slot_id}
    return BookingEvent(
        booking_id=move.party.booking_id,
        kind=EventKind.RESCHEDULED,
        at=now,
        account=actor.person,
        partner=actor.partner,
        data={**ways, "reason": reason},
    )
