"""Where the desk begins: one's own offices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from applicants.pages.staff import staff_of, two_factors_required
from offices.domain.permissions import Action, offices_for


@two_factors_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the desk of whoever has one office only."""
    offices = list(offices_for(staff_of(request), Action.SEE_DESK))
    if len(offices) == 1:
        return redirect("desk-day", offices[0].code)
    return render(request, "desk/choose.html", {"offices": offices})
