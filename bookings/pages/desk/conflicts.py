"""People whose window doesn't take place as booked: who they are, and what staff do about them."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import accumulate, groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from applicants.contact import show_phone
from bookings.domain import conflicts as standing
from bookings.domain.conflicts import Affected, WindowConflict
from bookings.domain.in_the_way import mask_name
from bookings.domain.settling import keep, offer_choice
from bookings.forms.conflicts import KeepForm, ReachForm
from bookings.forms.desk import NoticeForm
from bookings.forms.typed import whole_number
from bookings.models import Booking
from bookings.pages.desk.gate import Desk, date_of, desk_page
from offices.domain.permissions import Action, offices_for
from offices.models import Office

# One form takes as many; the others are reached by their day or window.
MOST_SHOWN = 400

Forms = dict[str, Form]
Day = tuple[dt.date, list[WindowConflict]]


@dataclass(frozen=True)
class Shown:
    """The conflicts that a page is about: all of the office, of one day, or of one window."""

    desk: Desk
    windows: list[WindowConflict]
    date: dt.date | None
    slot_id: int | None
    # Bookings that don't fit on the page.
    more: int = 0

    @property
    def affected(self) -> list[Affected]:
        return [one for window in self.windows for one in window.affected]

    @property
    def days(self) -> list[Day]:
        by_day = groupby(self.windows, key=lambda window: window.slot.date)
        return [(day, list(windows)) for day, windows in by_day]

    @property
    def query(self) -> str:
        if self.slot_id is not None:
            return f"?{urlencode({'window': self.slot_id})}"
        return f"?{urlencode({'date': self.date.isoformat()})}" if self.date else ""

    def url(self, name: str) -> str:
        return self.desk.url(name) + self.query

    @property
    def to_call(self) -> list[int]:
        """Ids of the bookings whose holders know nothing and can't be written to."""
        waiting = [one.booking.id for one in self.affected if one.must_be_called]
        gone = (one for window in self.windows for one in window.gone)
        return waiting + [one.booking.pk for one in gone if one.must_be_called]

    def chosen(self, request: HttpRequest) -> list[int]:
        """Ids of the ticked bookings that are among these."""
        ticked = {whole_number(text) for text in request.POST.getlist("booking")}
        ids = dict.fromkeys([*(one.booking.id for one in self.affected), *self.to_call])
        return [booking_id for booking_id in ids if booking_id in ticked]


def shown_to(request: HttpRequest, desk: Desk) -> Shown:
    date, slot_id = date_of(request, "date"), whole_number(request.GET.get("window", ""))
    windows = [
        window
        for window in standing.conflicts(desk.office, desk.now)
        if (slot_id is None or window.slot.pk == slot_id)
        and (date is None or window.slot.date == date)
    ]
    running = accumulate(len(window.affected) for window in windows)
    fitting = max(sum(total <= MOST_SHOWN for total in running), 1)
    more = sum(len(window.affected) for window in windows[fitting:])
    return Shown(desk, windows[:fitting], date, slot_id, more)


@desk_page(Action.CLOSE_WINDOWS)
def conflicts(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = shown_to(request, desk)
    forms: Forms = {}
    problem = ""
    chosen = shown.chosen(request)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        problem = "" if chosen else nobody_chosen()
        if chosen and act(request, desk, chosen, forms):
            return HttpResponseRedirect(shown.url("desk-conflicts"))
    return _show(request, shown, chosen, forms, problem)


def _show(
    request: HttpRequest, shown: Shown, chosen: Collection[int], forms: Forms, problem: str
) -> HttpResponse:
    context = {
        "desk": shown.desk,
        "shown": shown,
        "chosen": chosen,
        "is_answer": request.method == "POST",
        "open": sum(one.is_open for one in shown.affected),
        "to_call": len(shown.to_call),
        "reach": _reach_form(shown.desk),
        "tell": forms.get("tell") or NoticeForm(initial={"notice": default_offer()}),
        "keep": forms.get("keep") or KeepForm(),
        "form": next(iter(forms.values()), None),
        "problem": problem,
        "here": "conflicts",
    }
    return render(request, "desk/conflicts.html", context)


def _reach_form(desk: Desk) -> ReachForm:
    form = ReachForm()
    if not others_of_bureau(desk):
        del form.fields["elsewhere"]
    return form


def _tell(request: HttpRequest, desk: Desk, chosen: list[int], forms: Forms) -> bool:
    form = forms["tell"] = NoticeForm(request.POST)
    if not form.is_valid():
        return False
    notice = form.cleaned_data["notice"]
    asked = offer_choice(chosen, desk.office, notice=notice, actor=desk.actor, now=desk.now)
    messages.success(request, say_asked(asked.written, asked.to_call))
    return True


def _keep(request: HttpRequest, desk: Desk, chosen: list[int], forms: Forms) -> bool:
    form = forms["keep"] = KeepForm(request.POST)
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    kept = keep(chosen, desk.office, reason=reason, actor=desk.actor, now=desk.now)
    text = ngettext(
        "%(n)s booking is kept where it is.", "%(n)s bookings are kept where they are.", kept
    )
    messages.success(request, text % {"n": kept})
    return True


_ACTS: dict[str, Callable[[HttpRequest, Desk, list[int], Forms], bool]] = {
    "tell": _tell,
    "keep": _keep,
}


@desk_page(Action.CLOSE_WINDOWS)
@require_safe
def calls(request: HttpRequest, desk: Desk) -> HttpResponse:
    """On paper: who can't be written to and has to be called.

    Full names and phone numbers only for those who may look bookings up.
    """
    shown = shown_to(request, desk)
    by_id = Booking.objects.with_details().in_bulk(shown.to_call)
    in_order = sorted(by_id.values(), key=lambda booking: (booking.slot.starts_at, booking.pk))
    context = {
        "desk": desk,
        "shown": shown,
        "calls": [(booking, *_reached_by(booking, desk)) for booking in in_order],
        "here": "conflicts",
    }
    return render(request, "desk/conflicts_calls.html", context)


def _reached_by(booking: Booking, desk: Desk) -> tuple[list[str], str]:
    """Names and phone number; of those who may not look bookings up, masked names alone."""
    names = [attendee.name for attendee in booking.attendees.all()]
    if Action.FIND_BOOKINGS in desk.actions:
        return names, show_phone(booking.contact_phone)
    return [mask_name(name) for name in names], ""


def others_of_bureau(desk: Desk) -> list[Office]:
    """The other offices of the bureau whose windows the reader manages as well."""
    managed = offices_for(desk.account, Action.CLOSE_WINDOWS)
    others = managed.filter(bureau=desk.office.bureau_id, is_active=True)
    return list(others.exclude(pk=desk.office.pk))


def say_asked(written: int, to_call: int) -> str:
    if not written:
        return say_to_call(to_call)
    text = ngettext(
        "A message to %(count)s holder is on its way.",
        "Messages to %(count)s holders are on their way.",
        written,
    ) % {"count": written}
    return f"{text} {say_to_call(to_call)}".strip()


def say_to_call(count: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(count)s can't be written to and must be called.",
        "%(count)s can't be written to and must be called.",
        count,
    )
    return text % {"count": count}


def nobody_chosen() -> str:
    return _("Tick at least one booking.")


def default_offer() -> str:
    return _("This time had to be changed. Your appointment stays valid until you decide.")
