"""The sheets that people print: the confirmation, and the form as they filled it in."""

import datetime as dt

from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from bookings.domain.numbers import printed_number
from bookings.domain.whereabouts import say_place
from bookings.enums import Status
from bookings.models import Booking
from bookings.pages.citizen import paper
from bookings.pages.citizen.facts import (
    Bringer,
    collection_day,
    delivery_text,
    people_of_booking,
    rules_of_the_day,
    total_fee,
)
from bookings.wording import say_window
from offices.wording import say_full_date


def confirmation(booking: Booking, *, masked: bool) -> bytes:
    title = _("Booking confirmation")
    return paper.document(title, [_confirmation(booking, title, masked=masked)])


def filled_in_form(booking: Booking, *, masked: bool) -> bytes:
    """A sheet a person, with their identity number in full: it is signed and handed over.

    Where they are `masked`, the numbers are written by hand.
    """
    people = people_of_booking(booking)
    sheets = [
        _form(booking, person, n, len(people), masked=masked) for n, person in enumerate(people, 1)
    ]
    return paper.document(_("Application form"), sheets)


def _confirmation(booking: Booking, title: str, *, masked: bool) -> list[Flowable]:
    people = people_of_booking(booking)
    sheet: list[Flowable] = [paper.line(title, "title")]
    if booking.status != Status.CONFIRMED:
        sheet.append(paper.line(str(booking.get_status_display()), "middle"))
    sheet += [
        paper.line(printed_number(booking.number), "number"),
        paper.codes(booking.number),
        paper.gap(),
        paper.rows([*_appointment(booking), *_costs(booking, masked=masked)]),
    ]
    for person in people:
        sheet.append(paper.line(person.attendee.name, "head"))
        sheet.append(paper.line(" · ".join(_services(person))))
        sheet += paper.listed([material["name"] for material in person.materials])
    sheet += [paper.gap(), *(paper.line(text, "small") for text in rules_of_the_day(booking))]
    return sheet


def _form(
    booking: Booking, person: Bringer, sheet: int, sheets: int, *, masked: bool
) -> list[Flowable]:
    attendee = person.attendee
    shown = attendee.masked_number if masked else attendee.id_number
    known = attendee.birth_date_text and not masked
    born = dt.date.fromisoformat(attendee.birth_date_text) if known else None
    pairs = [
        (_("Full name"), attendee.name),
        (str(attendee.get_id_type_display()), shown),
        (_("Birth date"), say_full_date(born) if born else ""),
        (_("Nationality"), attendee.nationality),
        (_("Purpose of travel"), str(booking.get_purpose_display()) if booking.purpose else ""),
        (_("Getting the documents"), delivery_text(booking, masked=masked)),
        *_appointment(booking),
    ]
    return [
        paper.line(_("Application for exit-entry documents"), "title"),
        paper.line(_("Sheet %(n)s of %(total)s") % {"n": sheet, "total": sheets}, "middle"),
        paper.codes(booking.number),
        paper.line(printed_number(booking.number), "number"),
        paper.rows([(label, value) for label, value in pairs if value]),
        paper.line(_("Applies for"), "head"),
        *paper.listed(_services(person), ticked=True),
        paper.line(_("What to bring"), "head"),
        *paper.listed([material["name"] for material in person.materials]),
        paper.gap(8),
        paper.line(_("Filled in beforehand; checked and signed at the counter."), "small"),
        paper.gap(6),
        paper.line(f"{_('Signature')} ____________________    {_('Date')} ______________"),
    ]


def _appointment(booking: Booking) -> list[paper.Row]:
    slot = booking.slot
    return [
        (_("Time"), say_window(slot.starts_at, slot.ends_at, slot.office.zone)),
        (_("Office"), slot.office.label),
        (_("Address"), say_place(slot)),
    ]


def _costs(booking: Booking, *, masked: bool) -> list[paper.Row]:
    fee, day = total_fee(booking), collection_day(booking)
    pairs = [
        (_("Fees at the counter"), _("%(fee)s yuan altogether") % {"fee": fee} if fee else ""),
        (_("Documents expected"), day),
        (_("Getting the documents"), delivery_text(booking, masked=masked)),
    ]
    return [(label, value) for label, value in pairs if value]


def _services(person: Bringer) -> list[str]:
    return [application.service.label for application in person.applications]
