"""Which office handles what, from when (HB-21)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.forms.service_grant import ServiceGrantForm
from bookings.models import Booking
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from offices.domain.organisation import offices_below
from offices.domain.permissions import Action
from offices.domain.service_grants import end_service, grant_service, matrix
from offices.enums import Matters
from offices.models import Office, OfficeService, OrganisationChange, Service
from offices.wording import say_full_date

LOG_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """What an office has to do with a service, in words; `state` colours it."""

    text: str
    state: str


@bureau_page(Action.GRANT_SERVICES)
def services(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    offices = list(offices_below(desk.bureau))
    known = _services()
    form = ServiceGrantForm(known, offices, request.POST or None, initial={"day": desk.today})
    if request.method == "POST" and form.is_valid() and _save(request, desk, form):
        return HttpResponseRedirect(desk.url("bureau-services"))
    log = OrganisationChange.objects.filter(kind=Matters.SERVICE, office__in=offices)
    context = {
        "desk": desk,
        "form": form,
        "offices": offices,
        "groups": _groups(known, offices, desk.today),
        "log": log.select_related("office", "account")[:LOG_SHOWN],
        "here": "services",
    }
    return render(request, "bureau/services.html", context)


def _services() -> list[Service]:
    active = Service.objects.filter(is_active=True).select_related("line")
    return list(active.order_by("line__sort_order", "line", "sort_order", "code"))


def _groups(
    services: Sequence[Service], offices: Sequence[Office], today: dt.date
) -> list[tuple[str, list[tuple[Service, list[Cell]]]]]:
    """Lines with their services, each with a cell for every office."""
    found = matrix(offices, today)
    return [
        (
            line.label,
            [
                (service, [_cell(found.get((office.pk, service.pk)), today) for office in offices])
                for service in of_line
            ],
        )
        for line, of_line in groupby(services, key=lambda service: service.line)
    ]


def _cell(row: OfficeService | None, today: dt.date) -> Cell:
    if row is None:
        return Cell("–", "none")
    if row.valid_from > today:
        return Cell(_("from %(day)s") % {"day": say_full_date(row.valid_from)}, "coming")
    if row.valid_until is not None:
        return Cell(_("until %(day)s") % {"day": say_full_date(row.valid_until)}, "ending")
    return Cell(_("Yes"), "handled")


def _save(request: HttpRequest, desk: BureauDesk, form: ServiceGrantForm) -> bool:
    data = form.cleaned_data
    verb = grant_service if data["act"] == ServiceGrantForm.GRANT else end_service
    try:
        changed = verb(
            list(data["offices"]),
            data["service"],
            data["day"],
            reason=data["reason"],
            account=desk.account,
            now=desk.now,
        )
    except ValidationError as error:
        form.add_error("day", error)
        return False
    _say(request, desk, data, changed)
    return True


def _say(request: HttpRequest, desk: BureauDesk, data: dict[str, Any], changed: int) -> None:
    text = ngettext("%(count)s office was changed.", "%(count)s offices were changed.", changed)
    messages.success(request, text % {"count": changed})
    booked = _booked_after(data, desk.now) if data["act"] == ServiceGrantForm.END else 0
    if booked:
        text = ngettext(
            "%(count)s booking for this service after that day stays valid: settle it with its "
            "holder.",
            "%(count)s bookings for this service after that day stay valid: settle them with "
            "their holders.",
            booked,
        )
        messages.warning(request, text % {"count": booked})


def _booked_after(data: dict[str, Any], now: dt.datetime) -> int:
    bookings = Booking.objects.upcoming(now).filter(
        slot__office__in=data["offices"],
        slot__date__gt=data["day"],
        attendees__applications__service=data["service"],
        attendees__left_at=None,
    )
    return bookings.distinct().count()
