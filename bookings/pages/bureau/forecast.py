"""What the coming days will bring to all offices of a bureau together (FS-08)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.pages.bureau.gate import BureauDesk, bureau_page
from bookings.pages.desk.forecast import looked_ahead
from offices.domain.permissions import Action


@bureau_page(Action.SEE_REPORTS)
@require_safe
def forecast(request: HttpRequest, desk: BureauDesk) -> HttpResponse:
    """Days that aren't published take some queries of each office: their hours are computed."""
    outlook = looked_ahead(request, desk.offices, desk.bureau, desk.today, desk.now)
    return render(request, "bureau/forecast.html", {"desk": desk, **outlook, "here": "forecast"})
