"""What the figures propose, and what was made of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.domain.deciding import dismiss, follow, frozen_windows, more_places
from bookings.domain.errors import BookingError
from bookings.domain.more_places import MOST_PERCENT
from bookings.domain.quotas import QuotasRefused
from bookings.enums import SuggestionKind, SuggestionOutcome
from bookings.forms.suggestion import DISMISS, DecisionForm
from bookings.models import Suggestion
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action

PAST_SHOWN = 50
# Who may do what a suggestion of this kind proposes.
NEEDS = {
    SuggestionKind.MORE_PLACES: Action.CHANGE_QUOTAS,
    SuggestionKind.LONGER_HOURS: Action.PUBLISH_SESSIONS,
}


@desk_page(Action.CHANGE_QUOTAS)
@require_safe
def suggestions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open ones for days that aren't over, and the latest of the others."""
    found = Suggestion.objects.filter(office=desk.office).select_related("line", "decided_by")
    is_open = {"outcome": SuggestionOutcome.OPEN, "date__gte": desk.today}
    context = {
        "desk": desk,
        "open": found.filter(**is_open),
        "past": found.exclude(**is_open).order_by("-date", "-pk")[:PAST_SHOWN],
        "most": MOST_PERCENT,
        "here": "suggestions",
    }
    return render(request, "desk/suggestions.html", context)


@desk_page(Action.CHANGE_QUOTAS)
def suggestion(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One suggestion with its figures and every window that it would change; the decision."""
    found = Suggestion.objects.filter(office=desk.office).select_related("line", "office__bureau")
    one = get_object_or_404(found, pk=pk)
    if NEEDS[SuggestionKind(one.kind)] not in desk.actions:
        raise PermissionDenied
    form = DecisionForm(one, request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(desk, one, form):
        messages.success(request, _said(form))
        return HttpResponseRedirect(desk.url("desk-suggestions"))
    context = {
        "desk": desk,
        "suggestion": one,
        "form": form,
        "dismiss": DISMISS,
        "windows": _windows(desk, one),
        "frozen": frozen_windows(one, desk.now) if one.kind == SuggestionKind.MORE_PLACES else 0,
        "here": "suggestions",
    }
    return render(request, "desk/suggestion.html", context)


def _decide(desk: Desk, one: Suggestion, form: DecisionForm) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        if form.is_dismissal:
            dismiss(one.pk, reason=reason, actor=desk.actor, now=desk.now)
        else:
            amount = form.cleaned_data["amount"]
            follow(one.pk, amount, reason=reason, actor=desk.actor, now=desk.now)
    except QuotasRefused as refused:
        for refusal in refused.refusals:
            form.add_error(None, refusal.message)
    except BookingError as refusal:
        form.add_error(None, refusal.message)
    return form.is_valid()


def _windows(desk: Desk, one: Suggestion) -> list[object]:
    """What each window would have, where the suggestion is open and asks for more places."""
    if one.kind != SuggestionKind.MORE_PLACES or one.outcome != SuggestionOutcome.OPEN:
        return []
    return list(more_places(one, one.amount, desk.now))


def _said(form: DecisionForm) -> str:
    if form.is_dismissal:
        return _("The suggestion was dismissed.")
    return _("The suggestion was followed. It counts from the next booking on.")
