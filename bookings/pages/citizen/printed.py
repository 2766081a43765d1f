"""What people take along: the confirmation, the pre-filled form, an entry for their calendar.

Each is shown by the browser itself; the pages of the same content print as well, for browsers
that open no files, e.g. WeChat's.
"""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Alarm, Calendar, Event
from reportlab.platypus import Flowable

from bookings.domain.deadlines import check_in_window
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
    total_fee,
)
from bookings.pages.citizen.holder import booking_of, holder_required, open_grant
from bookings.pages.citizen.mine import NEVER_MADE
from bookings.wording import say_time, say_window
from offices.domain.policy import policy_for
from offices.wording import say_full_date

REMIND_BEFORE = dt.timedelta(hours=2)


@require_safe
@holder_required
def confirmation(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    title = _("Booking confirmation")
    masked = open_grant(request, number) is not None
    sheet = _confirmation(booking, title, masked=masked)
    return _pdf(paper.document(title, [sheet]), f"{number}.pdf")


@require_safe
@holder_required
def form(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever has only number and code writes the identity numbers by hand."""
    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    return filled_in_form(booking, masked=open_grant(request, number) is not None)


def filled_in_form(booking: Booking, *, masked: bool = False) -> HttpResponse:
    """A sheet a person, with their identity number in full: it is signed and handed over."""
    people = people_of_booking(booking)
    sheets = [
        _form(booking, person, n, len(people), masked=masked) for n, person in enumerate(people, 1)
    ]
    return _pdf(paper.document(_("Application form"), sheets), f"{booking.number}-form.pdf")


@require_safe
@holder_required
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """One event, which a later file of the same booking replaces."""
    booking = booking_of(request, number)
    if booking.status != Status.CONFIRMED:
        return redirect("booking", number)
    response = HttpResponse(_calendar(booking), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{number}.ics"'
    return response


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


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
    sheet += [paper.gap(), *(paper.line(text, "small") for text in _rules(booking))]
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


def _rules(booking: Booking) -> list[str]:
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


def _calendar(booking: Booking) -> bytes:
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
    return [*_rules(booking), *(f"☐ {thing}" for thing in things)]
