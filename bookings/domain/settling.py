"""What staff decide about people whose window changed, short of moving them: ask, or keep."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.domain import messages
from bookings.domain.conflicts import written_to
from bookings.domain.deadlines import change_deadline
from bookings.domain.moving import movable_at
from bookings.domain.parties import Actor
from bookings.enums import Settlement
from bookings.models import Booking, ConflictNote
from bookings.wording import say_deadline
from offices.models import Office
from offices.wording import in_chinese


@dataclass(frozen=True, slots=True)
class Asked:
    """How many were written to, and how many somebody has to call."""

    written: int
    to_call: int


@transaction.atomic
def offer_choice(
    booking_ids: Collection[int], office: Office, *, notice: str, actor: Actor, now: dt.datetime
) -> Asked:
    """Write to the holders what their office has to say, and how to choose another time.

    The bookings stay as they are until their holders decide. Who has neither phone nor e-mail, or
    has had a notice about this time before (a message is sent once), isn't written to.
    """
    if not notice.strip():
        raise ValueError("An offer needs words.")
    bookings = _lock(booking_ids, office, now)
    had_notice = written_to(bookings)
    asking = [
        booking
        for booking in bookings
        if (booking.contact_phone or booking.contact_email)
        and (booking.number, booking.version) not in had_notice
    ]
    by_text: dict[str, list[Booking]] = defaultdict(list)
    for booking in asking:
        by_text[_with_way(notice.strip(), booking, now)].append(booking)
    for text, alike in by_text.items():
        messages.announce_notice(alike, text, now)
    _note(asking, Settlement.TOLD, notice, actor, now)
    return Asked(len(asking), len(bookings) - len(asking))


@transaction.atomic
def keep(
    booking_ids: Collection[int], office: Office, *, reason: str, actor: Actor, now: dt.datetime
) -> int:
    """Leave these bookings where they are, and say who decided so and why; how many."""
    if not reason.strip():
        raise ValueError("Keeping people needs a reason.")
    bookings = _lock(booking_ids, office, now)
    _note(bookings, Settlement.KEPT, reason, actor, now)
    return len(bookings)


def _lock(booking_ids: Collection[int], office: Office, now: dt.datetime) -> list[Booking]:
    bookings = movable_at(office, now).filter(pk__in=booking_ids).order_by("pk")
    with_slots = bookings.select_related("slot__office__bureau__parent")
    return list(with_slots.select_for_update(of=("self",), no_key=True))


def _with_way(notice: str, booking: Booking, now: dt.datetime) -> str:
    """In the holder's language, with the moment until which they may choose."""
    until = change_deadline(booking)
    with translation.override(booking.language):
        if now >= until:
            way = _("To choose another time, please call us.")
        else:
            way = _(
                "You can choose another time until %(until)s under “My bookings”, or by phone."
            ) % {"until": say_deadline(until, booking.slot.office.zone)}
        return f"{notice}{'' if in_chinese() else ' '}{way}"


def _note(
    bookings: Iterable[Booking], kind: Settlement, reason: str, actor: Actor, now: dt.datetime
) -> None:
    ConflictNote.objects.bulk_create(
        ConflictNote(
            booking=booking,
            slot_id=booking.slot_id,
            kind=kind,
            at=now,
            account=actor.person,
            reason=reason.strip(),
        )
        for booking in bookings
    )
