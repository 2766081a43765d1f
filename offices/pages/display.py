"""A hall's own screen: what the bureau has to say today, in letters for ten metres (FS-33)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.domain import catalogue
from offices.models import Office

SECONDS = 60


@require_safe
def display(request: HttpRequest, code: str) -> HttpResponse:
    """It asks for itself again every minute, without any script."""
    office = get_object_or_404(Office.objects.bookable(), code=code)
    notices = catalogue.notices(office.local_date(timezone.now()), office.pk)
    context = {"office": office, "notices": notices}
    response = render(request, "offices/display.html", context)
    response["Refresh"] = str(SECONDS)
    return response
