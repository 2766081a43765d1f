from bookings.models.appeal import Appeal
from bookings.models.booking import Application, Attendee, Booking, BookingEvent
from bookings.models.conflict import ConflictNote
from bookings.models.figures import ChannelDay, CountedDay
from bookings.models.forgotten import Forgotten
from bookings.models.quota import Quota, QuotaChange
from bookings.models.requests import Evidence, HomeVisit, RequestEvent, UrgentRequest
from bookings.models.slot import Slot
from bookings.models.suggestion import Suggestion
from bookings.models.waiting import WaitingEntry, WaitingOffer

__all__ = [
    "Appeal",
    "Application",
    "Attendee",
    "Booking",
    "BookingEvent",
    "ChannelDay",
    "ConflictNote",
    "CountedDay",
    "Evidence",
    "Forgotten",
    "HomeVisit",
    "Quota",
    "QuotaChange",
    "RequestEvent",
    "Slot",
    "Suggestion",
    "UrgentRequest",
    "WaitingEntry",
    "WaitingOffer",
]
