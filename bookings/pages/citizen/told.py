"""What somebody was told about a booking: which message, when and by which way."""

from applicants.enums import MessageState
from applicants.models import Message
from bookings.models import Booking
from bookings.pages.citizen.history import Entry
from bookings.wording import say_moment

# What waits may still change, and what was withdrawn concerns nobody.
_SHOWN = (MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED)


def told_about(booking: Booking) -> list[Entry]:
    """The newest first. Neither words nor addresses: who manages it by its code sees it too."""
    zone = booking.slot.office.zone
    messages = Message.objects.filter(reference=booking.number, state__in=_SHOWN)
    in_order = sorted(messages, key=lambda message: (message.told_at, message.pk), reverse=True)
    return [Entry(say_moment(each.told_at, zone), _what(each)) for each in in_order]


def _what(message: Message) -> str:
    parts = [message.get_kind_display(), message.get_medium_display()]
    if message.state != MessageState.SENT:
        parts.append(message.get_state_display())
    return " · ".join(parts)
