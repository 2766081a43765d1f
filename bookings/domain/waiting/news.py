"""What those who wait are told."""

import datetime as dt

from django.utils import timezone

from applicants.domain import outbox
from applicants.enums import MessageKind
from applicants.models import Message
from bookings.domain import messages
from bookings.domain.waiting.nights import awake
from bookings.models import Booking, WaitingEntry
from offices.models import Office

# News that nobody could send by then is of no use any more.
LASTS = dt.timedelta(days=1)


def offered(hold: Booking, until: dt.datetime, due_at: dt.datetime) -> None:
    """A place is held for them; nothing is sent once it no longer is."""
    local = until.astimezone(hold.slot.office.zone)
    facts = {"answer_until": local.isoformat()}
    messages.announce_until(hold, MessageKind.WAITING_OFFER, facts, due_at, until)


def earlier(booking: Booking, starts_at: dt.datetime, now: dt.datetime) -> None:
    """There is an earlier time than theirs, at most once a day."""
    zone = booking.slot.office.zone
    facts = {"earlier_at": starts_at.astimezone(zone).isoformat()}
    days = (now.astimezone(zone).date() - booking.created_at.astimezone(zone).date()).days
    kind = MessageKind.EARLIER_PLACE
    messages.announce_until(booking, kind, facts, now, starts_at, version=days)


def removed(entry: WaitingEntry, now: dt.datetime) -> None:
    """Offers went by unanswered."""
    _ended(entry, now, unanswered=True)


def in_vain(entry: WaitingEntry, now: dt.datetime) -> None:
    """Their days are over, and no place came free."""
    _ended(entry, now, unanswered=False)


def _ended(entry: WaitingEntry, now: dt.datetime, *, unanswered: bool) -> None:
    account = entry.account
    if not account.ways:
        return
    facts = {
        "city": entry.city,
        "city_en": _city_in_english(entry),
        "first_day": entry.first_day.isoformat(),
        "last_day": entry.last_day.isoformat(),
        "unanswered": unanswered,
    }
    due_at = awake(now, entry.office.zone if entry.office else timezone.get_default_timezone())
    message = Message(
        reference=f"waiting:{entry.pk}",
        kind=MessageKind.WAITING_ENDED,
        language=account.language,
        context=facts,
        due_at=due_at,
        not_after=due_at + LASTS,
    )
    outbox.write([message.address_to(account.ways)])


def _city_in_english(entry: WaitingEntry) -> str:
    return Office.objects.filter(city=entry.city).values_list("city_en", flat=True).first() or ""
