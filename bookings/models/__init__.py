from bookings.models.booking import Application, Attendee, Booking, BookingEvent
from bookings.models.conflict import ConflictNote
from bookings.models.figures import ChannelDay, CountedDay
from bookings.models.quota import Quota, QuotaChange
from bookings.models.slot import Slot
from bookings.models.suggestion import Suggestion

__all__ = [
    "Application",
    "Attendee",
    "Booking",
    "BookingEvent",
    "ChannelDay",
    "ConflictNote",
    "CountedDay",
    "Quota",
    "QuotaChange",
    "Slot",
    "Suggestion",
]
