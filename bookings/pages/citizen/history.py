"""What happened to a booking, in people's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.enums import EventKind
from bookings.models import Booking, BookingEvent, Slot
from bookings.wording import say_moment, say_window

_SAYINGS = {
    EventKind.HELD: gettext_lazy("Places held"),
    EventKind.CONFIRMED: gettext_lazy("Booking confirmed"),
    EventKind.CANCELLED: gettext_lazy("Booking cancelled, places given back"),
    EventKind.EXPIRED: gettext_lazy("Not confirmed in time, places given back"),
    EventKind.CHECKED_IN: gettext_lazy("Arrived at the office"),
    EventKind.NO_SHOW: gettext_lazy("Nobody came"),
    EventKind.CORRECTED: gettext_lazy("Details changed"),
    EventKind.INFORMED: gettext_lazy("Notice about personal data read out"),
    EventKind.RUNNING_LATE: gettext_lazy("Said to come late"),
    EventKind.REDUCED: gettext_lazy("Somebody left the party, the others keep their places"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    when: str
    what: str


def history_of(booking: Booking) -> list[Entry]:
    """The newest first."""
    events = list(booking.events.select_related("account"))
    slots = _slots_of(events)
    zone = booking.slot.office.zone
    return [Entry(say_moment(event.at, zone), _say(event, slots)) for event in reversed(events)]


def _slots_of(events: list[BookingEvent]) -> dict[int, Slot]:
    ids = {
        event.data[key] for event in events for key in ("from_slot", "to_slot") if key in event.data
    }
    return Slot.objects.select_related("office").in_bulk(list(ids)) if ids else {}


def _say(event: BookingEvent, slots: dict[int, Slot]) -> str:
    by_staff = event.account is not None and event.account.is_staff
    text = (
        _moved(event, slots)
        if event.kind == EventKind.RESCHEDULED
        else str(_SAYINGS[EventKind(event.kind)])
    )
    if by_staff and event.kind == EventKind.CORRECTED:
        return _("Details corrected with the help of the office")
    if by_staff:
        return _("%(what)s (by the office)") % {"what": text}
    return _("%(what)s (by its code)") % {"what": text} if "by_code" in event.data else text


def _moved(event: BookingEvent, slots: dict[int, Slot]) -> str:
    before, after = (slots.get(event.data.get(key, 0)) for key in ("from_slot", "to_slot"))
    if before is None or after is None:
        return str(EventKind.RESCHEDULED.label)
    return _("Moved from %(before)s to %(after)s") % {
        "before": _name(before, other=after),
        "after": _name(after, other=before),
    }


def _name(slot: Slot, other: Slot) -> str:
    window = say_window(slot.starts_at, slot.ends_at, slot.office.zone)
    return window if slot.office_id == other.office_id else f"{window} {slot.office.label}"
