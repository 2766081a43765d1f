"""Hours, sessions and places of an office as files, out and in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.exchange import KINDS, Change, Outcome, take_over
from bookings.domain.sheet import UnknownEncoding
from bookings.forms import exchange as forms
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.desk.spreadsheet import (
    UnreadableFile,
    read_csv,
    read_file,
    write_csv,
    xlsx_response,
)
from bookings.pages.desk.table import csv_response
from offices.domain.permissions import Action

PREVIEW_ROWS = 50
Table = list[list[str]]


@desk_page(Action.PLAN_HOURS)
def exchange(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """`?kind=&format=` downloads. A file is checked first and taken over with the next step."""
    if request.GET.get("format"):
        return _download(request, desk)
    if request.POST.get("step") == "take":
        return _take(request, desk)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = read_file(form.cleaned_data["file"])
        except UnreadableFile:
            form.add_error("file", _("This is no CSV or XLSX file, or it is too large."))
        except UnknownEncoding as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, desk, form.cleaned_data, table)
    context = {"desk": desk, "form": form, "kinds": forms.KINDS, "here": "exchange"}
    return render(request, "desk/exchange.html", context)


def _download(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    name, extension = request.GET.get("kind", ""), request.GET["format"]
    if name not in KINDS or extension not in {"csv", "xlsx"}:
        raise Http404
    answer = csv_response if extension == "csv" else xlsx_response
    rows = KINDS[name].rows(desk.office, desk.today)
    filename = f"{name}-{desk.office.code}-{desk.today}.{extension}"
    return answer(filename, KINDS[name].columns, list(rows))


def _preview(request: HttpRequest, desk: Desk, data: dict[str, str], table: Table) -> HttpResponse:
    """What would come of it; nothing is kept."""
    outcome = _try(desk, data, table, dry=True)
    context = {
        "desk": desk,
        "data": data,
        "label": dict(forms.KINDS)[data["kind"]],
        "outcome": outcome,
        "head": table[0] if table else [],
        "rows": table[1 : PREVIEW_ROWS + 1],
        "more": max(len(table) - 1 - PREVIEW_ROWS, 0),
        "text": write_csv(table),
        "here": "exchange",
    }
    return render(request, "desk/exchange_preview.html", context)


def _take(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = forms.TakeOverForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        table = read_csv(form.cleaned_data["text"])
    except UnreadableFile:
        raise Http404 from None
    outcome = _try(desk, form.cleaned_data, table, dry=False)
    if outcome.problems:
        return _preview(request, desk, form.cleaned_data, table)
    text = ngettext(
        "%(count)s row was taken over.", "%(count)s rows were taken over.", outcome.changed
    )
    messages.success(request, text % {"count": outcome.changed})
    return HttpResponseRedirect(desk.url("desk-exchange"))


def _try(desk: Desk, data: dict[str, str], table: Table, *, dry: bool) -> Outcome:
    change = Change(desk.office, data["reason"], desk.actor, desk.now)
    return take_over(KINDS[data["kind"]], table, change, dry=dry)
