"""Where the desk begins: one's own offices and bureaus."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from applicants.pages.staff import staff_of, two_factors_required
from offices.domain.permissions import Action, bureaus_for, offices_for


@two_factors_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Straight to the desk of whoever has one office only."""
    account = staff_of(request)
    offices = list(offices_for(account, Action.SEE_DESK))
    bureaus = list(bureaus_for(account, Action.SEE_REPORTS))
    # Who keeps the accounts of a bureau sees none of its figures.
    seen = [bureau.pk for bureau in bureaus]
    guarded = bureaus_for(account, Action.SEE_ACCESS).exclude(pk__in=seen)
    if len(offices) == 1 and not bureaus and not guarded:
        return redirect("desk-day", offices[0].code)
    context = {"offices": offices, "bureaus": bureaus, "guarded": guarded}
    return render(request, "desk/choose.html", context)
