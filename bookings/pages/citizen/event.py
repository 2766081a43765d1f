"""An appointment for the calendar of somebody's phone."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from bookings.domain.numbers import printed_number
from bookings.domain.whereabouts import say_place
from bookings.models import Booking
from bookings.pages.citizen.facts import people_of_booking, rules_of_the_day

REMIND_BEFORE = dt.timedelta(hours=2)


def calendar_file(booking: Booking) -> bytes:
    """One event, which a later file of the same booking replaces."""
    slot = booking.slot
    event = Event.new(
        uid=f"{booking.number}@yihao",
        sequence=booking.version,
        stamp=timezone.now(),
        start=slot.starts_at.astimezone(dt.UTC),
        end=slot.ends_at.astimezone(dt.UTC),
        summary=_("Exit-entry appointment %(number)s") % {"number": printed_number(booking.number)},
        location=f"{slot.office.label} {say_place(slot)}",
        description="\n".join(_reminders(booking)),
    )
    alarm = Alarm.new(description=str(event["summary"]))
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND_BEFORE)
    event.add_component(alarm)
    return bytes(Calendar.new(prodid="-//Yihao//Appointments//", subcomponents=[event]).to_ical())


def _reminders(booking: Booking) -> list[str]:
    """What to bring, each thing once; nobody's name."""
    things = dict.fromkeys(
        material["name"] for person in people_of_booking(booking) for material in person.materials
    )
    return [*rules_of_the_day(booking), *(f"☐ {thing}" for thing in things)]
