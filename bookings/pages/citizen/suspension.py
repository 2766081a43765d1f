"""Suspensions of the household: what they rest on, what stays open, and an appeal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.models import Account, Applicant, Suspension
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted
from bookings.domain.appeals import AppealRefused, appeal, missed_bookings, suspensions_of
from bookings.forms.appeal import AppealForm
from offices.domain.policy import policy_for


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def suspensions(request: HttpRequest) -> HttpResponse:
    """Each suspension with its form; `suspension` of the POST says which is appealed against."""
    account, now = citizen_of(request), timezone.now()
    shown = suspensions_of(account, now)
    form = AppealForm(posted(request))
    chosen = _chosen(request, shown) if request.method == "POST" else None
    if chosen and form.is_valid():
        try:
            appeal(chosen, account, form.cleaned_data["text"], now)
            messages.success(request, _("We have received your appeal and will tell you."))
        except AppealRefused as refused:
            messages.warning(request, str(refused))
        return redirect("suspensions")
    cards = [_card(account, *each, form=form, chosen=chosen) for each in shown]
    return render(request, "bookings/suspensions.html", {"cards": cards, "form": form})


def _chosen(request: HttpRequest, shown: list[tuple[Applicant, Suspension]]) -> Suspension:
    for _person, suspension in shown:
        if str(suspension.pk) == request.POST.get("suspension"):
            return suspension
    raise Http404


def _card(
    account: Account,
    person: Applicant,
    suspension: Suspension,
    *,
    form: AppealForm,
    chosen: Suspension | None,
) -> dict[str, Any]:
    """What somebody else booked for the person is counted, and not described."""
    missed = missed_bookings(suspension)
    own = [booking for booking in missed if booking.account_id == account.pk]
    policy = policy_for(missed[0].slot.office) if missed else None
    return {
        "person": person,
        "suspension": suspension,
        "own": own,
        "others": suspension.no_shows - len(own),
        "policy": policy,
        "appeal": next(iter(suspension.appeals.all()), None),
        "form": form if chosen == suspension else AppealForm(),
    }
