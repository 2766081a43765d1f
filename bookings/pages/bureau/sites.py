"""The self-service sites of a bureau: counts, the list, a file in and out, broken machines."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.exchange.common import Outcome
from bookings.domain.sheet import UnknownEncoding
from bookings.domain.sites import (
    COLUMNS,
    SitesChange,
    site_rows,
    sites_below,
    take_over_sites,
    totals,
)
from bookings.forms.sites import SitesFileForm, SitesTextForm
from bookings.pages.bureau.gate import BureauDesk, bureau_page
from bookings.pages.desk.spreadsheet import UnreadableFile, read_csv, read_file, write_csv
from bookings.pages.desk.table import csv_response
from bookings.pages.devices import mark
from offices.domain.permissions import Action
from offices.domain.self_service import tallies
from offices.enums import Matters
from offices.models import OrganisationChange

PER_PAGE = 50
PREVIEW_ROWS = 50
LOG_SHOWN = 20
Table = list[list[str]]


@bureau_page(Action.KEEP_DEVICES)
def sites(request: HttpRequest, desk: BureauDesk) -> HttpResponseBase:
    """`?format=csv` downloads. A file is checked first and taken over with the next step."""
    if request.GET.get("format") == "csv":
        filename = f"sites-{desk.bureau.code}-{desk.today}.csv"
        return csv_response(filename, COLUMNS, site_rows(desk.bureau))
    if request.POST.get("step") == "take":
        return _take(request, desk)
    form = SitesFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = read_file(form.cleaned_data["file"])
        except UnreadableFile:
            form.add_error("file", _("This is no CSV or XLSX file, or it is too large."))
        except UnknownEncoding as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, desk, form.cleaned_data["reason"], table)
    return render(request, "bureau/sites.html", _list(request, desk, form))


def _list(request: HttpRequest, desk: BureauDesk, form: SitesFileForm) -> dict[str, object]:
    # PostgreSQL has no NUL.
    wanted = request.GET.get("q", "").replace("\0", "").strip()
    found = sites_below(desk.bureau).prefetch_related("devices")
    if wanted:
        found = found.filter(name__icontains=wanted) | found.filter(code__icontains=wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    log = OrganisationChange.objects.filter(
        kind=Matters.DEVICE, bureau=desk.bureau
    ) | OrganisationChange.objects.filter(kind=Matters.DEVICE, office__in=desk.offices)
    return {
        "desk": desk,
        "form": form,
        "totals": totals(desk.bureau),
        "page": page,
        "rows": [(site, tallies(site.devices.all())) for site in page],
        "q": wanted,
        "query": urlencode({"q": wanted}) if wanted else "",
        "log": log.select_related("account")[:LOG_SHOWN],
        "columns": COLUMNS,
        "here": "sites",
    }


def _preview(request: HttpRequest, desk: BureauDesk, reason: str, table: Table) -> HttpResponse:
    """What would come of it; nothing is kept."""
    context = {
        "desk": desk,
        "data": {"reason": reason},
        "outcome": _try(desk, reason, table, dry=True),
        "head": table[0] if table else [],
        "rows": table[1 : PREVIEW_ROWS + 1],
        "more": max(len(table) - 1 - PREVIEW_ROWS, 0),
        "text": write_csv(table),
        "here": "sites",
    }
    return render(request, "bureau/sites_preview.html", context)


def _take(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    form = SitesTextForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        table = read_csv(form.cleaned_data["text"])
    except UnreadableFile:
        raise Http404 from None
    outcome = _try(desk, form.cleaned_data["reason"], table, dry=False)
    if outcome.problems:
        return _preview(request, desk, form.cleaned_data["reason"], table)
    text = ngettext(
        "%(count)s row was taken over.", "%(count)s rows were taken over.", outcome.changed
    )
    messages.success(request, text % {"count": outcome.changed})
    return HttpResponseRedirect(desk.url("bureau-sites"))


def _try(desk: BureauDesk, reason: str, table: Table, *, dry: bool) -> Outcome:
    change = SitesChange(desk.bureau, reason, desk.account, desk.now)
    return take_over_sites(table, change, dry=dry)


@bureau_page(Action.KEEP_DEVICES)
def site(request: HttpRequest, desk: BureauDesk, pk: int) -> HttpResponse:
    """One site with its machines."""
    found = get_object_or_404(sites_below(desk.bureau), pk=pk)
    devices = list(found.devices.all())
    form = mark(request, devices, desk.account, desk.now)
    if form is None:
        return HttpResponseRedirect(desk.url("bureau-site", found.pk))
    context = {"desk": desk, "site": found, "devices": devices, "form": form, "here": "sites"}
    return render(request, "bureau/site.html", context)
