"""Figures of an office, as a table and as a file."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.domain.kiosks import bookings_by_site
from bookings.domain.reports import bookings_by_channel, total
from bookings.domain.travellers import by_purpose, by_residence
from bookings.pages.desk.gate import Desk, date_of, desk_page
from bookings.pages.desk.table import csv_response
from offices.domain.permissions import Action

DAYS_SHOWN = 7


@desk_page(Action.SEE_REPORTS)
@require_safe
def reports(request: HttpRequest, desk: Desk) -> HttpResponse | StreamingHttpResponse:
    last = date_of(request, "last") or desk.today
    first = date_of(request, "first") or last - dt.timedelta(days=DAYS_SHOWN - 1)
    rows = bookings_by_channel([desk.office], first, last)
    sums = total(rows)
    figures = [
        (row.label, row.bookings, row.people, row.items, row.missed, row.cancelled) for row in rows
    ]
    if request.GET.get("format") == "travellers":
        return _travellers(desk, first, last)
    if request.GET.get("format") == "csv":
        name = f"channels-{desk.office.code}-{first}-{last}.csv"
        return csv_response(name, _head(), [*figures, (_("All channels"), *sums.values())])
    context = {
        "desk": desk,
        "first": first,
        "last": last,
        "figures": figures,
        "sums": sums,
        "purposes": by_purpose([desk.office], first, last, _("Not asked")),
        "residences": by_residence([desk.office], first, last),
        "kiosks": bookings_by_site([desk.office], first, last),
        "here": "reports",
    }
    return render(request, "desk/reports.html", context)


def _travellers(desk: Desk, first: dt.date, last: dt.date) -> StreamingHttpResponse:
    """Purposes and residence in one file, a figure a row."""
    purposes = by_purpose([desk.office], first, last, _("Not asked"))
    residences = by_residence([desk.office], first, last)
    rows: list[tuple[object, ...]] = [
        (_("Purpose of the journey"), row.label, row.bookings, row.people) for row in purposes
    ]
    rows += [(_("Where people live"), row.label, "", row.people) for row in residences]
    head = (_("Figure"), _("Value"), _("Bookings"), _("People"))
    return csv_response(f"travellers-{desk.office.code}-{first}-{last}.csv", head, rows)


def _head() -> tuple[str, ...]:
    return (
        _("Channel"),
        _("Bookings"),
        _("People"),
        _("Items"),
        _("Missed"),
        _("Cancelled"),
    )
