"""It can't wait: asking an office to serve somebody without a booking (急事急办)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.consent import consent_required
from applicants.pages.posted import posted
from bookings.domain import urgent as domain
from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.domain.requests import Asking, WrongState
from bookings.forms.urgent import MoreEvidenceForm, UrgentForm
from bookings.models import Evidence, UrgentRequest
from bookings.pages.citizen.facts import Row
from bookings.pages.citizen.party import find_office
from bookings.pages.citizen.requests import (
    history_of,
    offices_by_city,
    person_cards,
    person_rows,
    sent,
    service_cards,
    withdrawal,
)
from bookings.pages.evidence import file_response
from offices.domain.policy import policy_for
from offices.models import Office
from offices.wording import say_day


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@consent_required
def ask(request: HttpRequest) -> HttpResponse:
    """`?office=` names the office; without one it is asked for. `?service=` ticks services."""
    office = find_office(request.GET.get("office", ""))
    if office is None:
        context = {"cities": offices_by_city(), "services": request.GET.getlist("service")}
        return render(request, "bookings/urgent_where.html", context)
    now = timezone.now()
    people = person_cards(citizen_of(request))
    form = UrgentForm(
        posted(request),
        request.FILES or None,
        people=people,
        reasons=domain.reasons_at(office),
        services=service_cards(office),
        today=office.local_date(now),
        initial={"services": request.GET.getlist("service")},
    )
    if request.method == "POST" and form.is_valid() and (made := _ask(request, form, office, now)):
        return redirect("urgent", made.number)
    context = {
        "form": form,
        "office": office,
        "people": people,
        "here": quote(request.get_full_path()),
        "days": policy_for(office).evidence_days,
        "files_lost": bool(request.FILES),
    }
    return render(request, "bookings/urgent_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Where the request stands, what happens next, and more evidence as long as it's open."""
    account = citizen_of(request)
    own = _own(account, number)
    may_add = own.state in domain.UNDECIDED
    if request.method == "POST" and not may_add:
        messages.warning(request, str(WrongState(own.state)))
        return redirect("urgent", number)
    form = MoreEvidenceForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _add(request, form, own):
        return redirect("urgent", number)
    context = {
        "asked": own,
        "form": form,
        "rows": [*_rows(own), *person_rows(own)],
        "files": own.evidence.all(),
        "events": history_of(own),
        "may_add": may_add,
        "may_withdraw": own.state in domain.OPEN,
        "due": say_day(own.due_on) if own.due_on else "",
        "days": policy_for(own.office).evidence_days,
    }
    return render(request, "bookings/urgent.html", context)


@require_safe
@citizen_required
def evidence(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    own = _own(citizen_of(request), number)
    return file_response(get_object_or_404(Evidence, request=own, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    own = _own(citizen_of(request), number)
    is_open = own.state in domain.OPEN
    return withdrawal(request, own, "urgent", domain.withdraw, is_open=is_open)


def _ask(
    request: HttpRequest, form: UrgentForm, office: Office, now: dt.datetime
) -> UrgentRequest | None:
    """The request; None, with the reason on the form, where it can't be made."""

    def ask(asking: Asking, actor: Actor) -> UrgentRequest:
        return domain.ask(asking, form.urgency(), actor, now)

    return sent(request, form, office, now, ask)


def _add(request: HttpRequest, form: MoreEvidenceForm, own: UrgentRequest) -> bool:
    """Whether the page is to be shown anew."""
    actor = Actor(account=citizen_of(request))
    try:
        domain.add_evidence(own.pk, form.cleaned_data["evidence"], actor, timezone.now())
    except WrongState as refusal:
        # It was decided meanwhile: the page as it stands now has no form to show this on.
        messages.warning(request, str(refusal))
        return True
    except BookingError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Your evidence has arrived at the office."))
    return True


def _own(account: Account, number: str) -> UrgentRequest:
    """A request of this account; for all others it doesn't exist."""
    requests = UrgentRequest.objects.select_related("office__bureau__parent__parent")
    return get_object_or_404(requests, number=number, account=account)


def _rows(own: UrgentRequest) -> Iterable[Row]:
    yield {"label": _("Reason"), "value": own.get_reason_display()}
    yield {"label": _("Needed by"), "value": say_day(own.deadline)}
