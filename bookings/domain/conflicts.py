"""Windows that don't take place as people booked them, who they are, and what was done about it.

Publishing says which windows could not follow the hours; here are those as well that staff or
publishing have closed. Nobody at them is cancelled: staff move, ask or keep them (rule 7).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain.in_the_way import BookingInTheWay, in_view
from bookings.domain.planning import planned_slots
from bookings.domain.published import cases, published_slots
from bookings.domain.publishing import ConflictKind, kind_of_conflict
from bookings.enums import Settlement, Status
from bookings.models import Booking, ConflictNote, Slot
from bookings.models.slot import SlotQuerySet
from offices.models import Office

CLOSED = "closed"
_LABELS: dict[str, Promise | str] = {
    CLOSED: _("closed by staff"),
    ConflictKind.OUTSIDE_HOURS: ConflictKind.OUTSIDE_HOURS.label,
    ConflictKind.HOURS_DIFFER: ConflictKind.HOURS_DIFFER.label,
    ConflictKind.BELOW_TAKEN: ConflictKind.BELOW_TAKEN.label,
}
# Seconds.
UNABLE_KNOWN_FOR = 60
# What these decide lasts until the window is closed anew; a booking that moved is elsewhere.
DECISIONS = (Settlement.TOLD, Settlement.KEPT)


@dataclass(frozen=True, slots=True)
class Affected:
    """A confirmed booking of such a window. `note` says what was decided about it, if anything."""

    booking: BookingInTheWay
    version: int
    note: ConflictNote | None
    # A message can go to its holder, who has had none about this time yet.
    can_be_asked: bool

    @property
    def is_open(self) -> bool:
        return self.note is None

    @property
    def must_be_called(self) -> bool:
        return self.is_open and not self.can_be_asked


@dataclass(frozen=True, slots=True)
class Gone:
    """A booking that was moved, or left once its holder was asked."""

    booking: Booking
    note: ConflictNote
    # Staff have said at its new time that they keep it there, having called its holder.
    was_called: bool

    @property
    def must_be_called(self) -> bool:
        """Nobody has told its holder of the new time."""
        booking = self.booking
        moved = self.note.kind == Settlement.MOVED and booking.status == Status.CONFIRMED
        return moved and not (booking.contact_phone or booking.contact_email or self.was_called)


@dataclass(frozen=True, slots=True)
class WindowConflict:
    slot: Slot
    kind: str
    # Places that are taken beyond those that there should be.
    excess: int
    affected: tuple[Affected, ...]
    gone: tuple[Gone, ...]

    @property
    def takes_place(self) -> bool:
        """Whether some of the people can stay as they are."""
        return self.kind in (ConflictKind.HOURS_DIFFER, ConflictKind.BELOW_TAKEN)

    @property
    def why(self) -> str:
        return str(_LABELS[self.kind])


def conflicts(office: Office, now: dt.datetime) -> list[WindowConflict]:
    """Those of the office's windows that aren't over, in order of time."""
    kinds = _kinds_of_closed(office, now) | _unable_to_follow(office, now)
    slots = Slot.objects.filter(pk__in=kinds).select_related("office", "line", "session")
    here, gone = _affected(kinds), _gone(kinds)
    found = [
        WindowConflict(slot, *kinds[slot.pk], tuple(here[slot.pk]), tuple(gone[slot.pk]))
        for slot in slots.order_by("starts_at", "line__sort_order", "pk")
    ]
    return [one for one in found if one.affected or one.gone]


def count_open(office: Office, now: dt.datetime) -> int:
    """Bookings of these windows about which nobody has decided yet. One short statement.

    Every page of the desk asks. Which windows can't follow the hours takes more to find out, and
    is known for a minute.
    """
    decided = ConflictNote.objects.filter(
        Q(at__gte=OuterRef("slot__closed_at")) | Q(booking__slot__closed_at=None),
        slot=OuterRef("slot"),
        booking=OuterRef("pk"),
        kind__in=DECISIONS,
    )
    unable = cache.get(_key(office))
    if unable is None:
        unable = list(_unable_to_follow(office, now))
    windows = _ahead(office, now).filter(Q(closed_at__isnull=False) | Q(pk__in=unable))
    confirmed = Booking.objects.filter(slot__in=windows, status=Status.CONFIRMED)
    return confirmed.filter(~Exists(decided)).count()


def written_to(bookings: Iterable[Booking]) -> set[tuple[str, int]]:
    """Numbers and versions of those that had a notice of their office since they last moved."""
    notices = Message.objects.filter(
        reference__in=[booking.number for booking in bookings], kind=MessageKind.OFFICE_NOTICE
    )
    return set(notices.values_list("reference", "version"))


# --- Which windows ------------------------------------------------------------------------------


def _ahead(office: Office, now: dt.datetime) -> SlotQuerySet:
    # The day is what finds them; a window may reach into the next.
    yesterday = office.local_date(now) - dt.timedelta(days=1)
    return Slot.objects.filter(office=office, date__gte=yesterday, ends_at__gt=now)


def _kinds_of_closed(office: Office, now: dt.datetime) -> dict[int, tuple[str, int]]:
    closed = _ahead(office, now).filter(closed_at__isnull=False)
    return {
        slot_id: (ConflictKind.OUTSIDE_HOURS if withdrawn else CLOSED, 0)
        for slot_id, withdrawn in closed.values_list("pk", "withdrawn")
    }


def _unable_to_follow(office: Office, now: dt.datetime) -> dict[int, tuple[str, int]]:
    """Windows that differ from the hours while people are booked; kind and excess.

    Open ones, and those that wait for their people to become a session.
    """
    planned = planned_slots(office, now)
    differing = [
        (slot, plan)
        for slot in published_slots(office, now).values()
        # A window that staff have opened again after it was withdrawn is theirs.
        if (slot.is_open or (slot.withdrawn and slot.key in planned))
        and ((plan := planned.get(slot.key)) is None or not slot.is_as_planned(plan, now))
    ]
    found: dict[int, tuple[str, int]] = {}
    for case in cases(differing, now):
        if kind := kind_of_conflict(case):
            targets = case.slot.targets(case.plan) if case.plan else []
            excess = sum(max(0, quota.taken - places) for quota, places in targets)
            found[case.slot.id] = (kind, excess)
    cache.set(_key(office), list(found), UNABLE_KNOWN_FOR)
    return found


def _key(office: Office) -> str:
    return f"unable-to-follow:{office.pk}"


# --- Which people -------------------------------------------------------------------------------


def _affected(slot_ids: Collection[int]) -> Mapping[int, list[Affected]]:
    bookings = in_view(Booking.objects.filter(slot__in=slot_ids, status=Status.CONFIRMED))
    notes = _decisions(slot_ids)
    written = written_to(booking for booking, _view in bookings)
    found: dict[int, list[Affected]] = defaultdict(list)
    for booking, view in bookings:
        note = notes.get((booking.slot_id, booking.pk))
        closed_at = booking.slot.closed_at
        still_holds = note if note and (closed_at is None or note.at >= closed_at) else None
        can_be_asked = view.can_be_told and (booking.number, booking.version) not in written
        found[booking.slot_id].append(Affected(view, booking.version, still_holds, can_be_asked))
    return found


def _decisions(slot_ids: Collection[int]) -> dict[tuple[int, int], ConflictNote]:
    """The latest of each booking, by slot and booking."""
    notes = ConflictNote.objects.filter(slot__in=slot_ids, kind__in=DECISIONS)
    return {
        (note.slot_id, note.booking_id): note
        for note in notes.select_related("account").order_by("at", "pk")
    }


def _gone(slot_ids: Collection[int]) -> Mapping[int, list[Gone]]:
    notes = ConflictNote.objects.filter(slot__in=slot_ids).exclude(kind=Settlement.KEPT)
    bookings = "booking__slot__office", "booking__slot__line"
    latest = {
        (note.slot_id, note.booking_id): note
        for note in notes.select_related("account", *bookings).order_by("at", "pk")
    }
    found: dict[int, list[Gone]] = defaultdict(list)
    called = _kept_anywhere(booking_id for _slot_id, booking_id in latest)
    for (slot_id, _booking_id), note in latest.items():
        booking = note.booking
        if booking.slot_id != slot_id or booking.status == Status.CANCELLED:
            found[slot_id].append(Gone(booking, note, (booking.slot_id, booking.pk) in called))
    return found


def _kept_anywhere(booking_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Slots and bookings that staff have decided to keep there."""
    kept = ConflictNote.objects.filter(booking__in=list(booking_ids), kind=Settlement.KEPT)
    return set(kept.values_list("slot_id", "booking_id"))
