"""A booking as its holder reads it: where, when, who, what to bring."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from bookings.domain.deadlines import check_in_window
from bookings.domain.materials import materials_of, with_conditions
from bookings.domain.whereabouts import say_place
from bookings.enums import Delivery
from bookings.models import Application, Attendee, Booking
from bookings.wording import say_time, say_window
from offices.domain.calendar import collection_date
from offices.domain.policy import policy_for
from offices.domain.provinces import residence_at
from offices.enums import Residence
from offices.models.catalogue import materials_in_words
from offices.wording import say_day

Row = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Bringer:
    """A person of the party with their services and everything to bring, each thing once."""

    attendee: Attendee
    applications: list[Application]
    materials: list[dict[str, str]]


def appointment_rows(booking: Booking) -> tuple[Row, Row]:
    """Office and time."""
    slot = booking.slot
    office = slot.office
    where: Row = {"label": _("Office"), "lines": [office.label, say_place(slot)]}
    when: Row = {
        "label": _("Time"),
        "value": say_window(slot.starts_at, slot.ends_at, office.zone),
    }
    return where, when


def people_of_booking(booking: Booking) -> list[Bringer]:
    """Needs `with_details`."""
    return [
        _bringer(booking, attendee)
        for attendee in sorted(booking.attendees.all(), key=lambda each: each.position)
    ]


def total_fee(booking: Booking) -> str:
    """In yuan, of all documents; "" where a fee isn't fixed or nothing costs."""
    guides = [
        application.guide
        for attendee in booking.attendees.all()
        for application in attendee.applications.all()
    ]
    fees = [guide.fee if guide else None for guide in guides]
    if any(fee is None for fee in fees):
        return ""
    total = sum((fee for fee in fees if fee), Decimal(0))
    return f"{total.normalize():f}" if total else ""


def collection_day(booking: Booking) -> str:
    """When all documents of the party can be expected, counted from the appointment; "" where
    a time isn't fixed. What is done at the counter at once has no day of its own."""
    city = booking.slot.office.city
    days = [days for person in booking.attendees.all() for days in _days_of(person, city)]
    day = collection_date(days, booking.slot.date)
    return say_day(day) if day else ""


def _days_of(attendee: Attendee, city: str) -> list[int | None]:
    """Working days of each service; more across provinces, as far as they say where they live."""
    elsewhere = residence_at(city, attendee.home_city) == Residence.ELSEWHERE
    guides = (application.guide for application in attendee.applications.all())
    return [guide.days_for(elsewhere=elsewhere) if guide else None for guide in guides]


def wanted_rows(people: list[Bringer]) -> list[Row]:
    """What everybody needs in one row, or a row a person where they differ."""
    labels = [[a.service.label for a in person.applications] for person in people]
    if all(each == labels[0] for each in labels):
        return [{"label": _("What you need"), "lines": labels[0]}]
    return [
        {"label": _("What %(name)s needs") % {"name": person.attendee.name}, "lines": each}
        for person, each in zip(people, labels, strict=True)
    ]


def delivery_text(booking: Booking, *, masked: bool = False) -> str:
    """`masked`: without the address, for who has only number and code."""
    if masked or not booking.by_courier:
        return str(booking.get_delivery_display())
    if booking.delivery == Delivery.COURIER_BOTH:
        text = _("Courier both ways, one parcel for everybody: %(address)s")
    else:
        text = _("Courier, one parcel for everybody: %(address)s")
    return text % {"address": booking.delivery_address}


def _bringer(booking: Booking, attendee: Attendee) -> Bringer:
    applications = list(attendee.applications.all())
    guides = (application.guide for application in applications)
    materials = with_conditions(materials_of(attendee, guides, booking))
    return Bringer(attendee, applications, materials_in_words(materials))


def rules_of_the_day(booking: Booking) -> list[str]:
    """How one arrives."""
    opens, _until = check_in_window(booking.slot, policy_for(booking.slot.office))
    from_time = say_time(opens.astimezone(booking.slot.office.zone))
    return [
        _(
            "Come with the documents from %(time)s on and show the code or your identity document: "
            "you get one number for everything."
        )
        % {"time": from_time},
        _("If you are late, you are served with a walk-in number."),
    ]
