"""Asking the office to come to somebody who can't leave their bed (上门办)."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.consent import consent_required
from applicants.pages.posted import posted
from bookings.domain import home_visit as domain
from bookings.domain.parties import Actor
from bookings.domain.requests import Asking
from bookings.forms.home_visit import HomeVisitForm
from bookings.models import HomeVisit
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
from offices.models import Office
from offices.wording import say_day, say_days


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@consent_required
def ask(request: HttpRequest) -> HttpResponse:
    """`?office=` names the office; without one it is asked for. `?service=` ticks services."""
    office = find_office(request.GET.get("office", ""))
    if office is None:
        context = {"cities": offices_by_city(), "services": request.GET.getlist("service")}
        return render(request, "bookings/home_visit_where.html", context)
    now = timezone.now()
    people = person_cards(citizen_of(request))
    form = HomeVisitForm(
        posted(request),
        people=people,
        services=service_cards(office),
        today=office.local_date(now),
        initial={"services": request.GET.getlist("service")},
    )
    if request.method == "POST" and form.is_valid() and (made := _ask(request, form, office, now)):
        return redirect("home-visit", made.number)
    here = quote(request.get_full_path())
    context = {"form": form, "office": office, "people": people, "here": here}
    return render(request, "bookings/home_visit_new.html", context)


@require_safe
@citizen_required
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Where the request stands, and what happens next."""
    own = _own(citizen_of(request), number)
    context = {
        "asked": own,
        "rows": [*_rows(own), *person_rows(own)],
        "events": history_of(own),
        "may_withdraw": own.state in domain.OPEN,
    }
    return render(request, "bookings/home_visit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    own = _own(citizen_of(request), number)
    is_open = own.state in domain.OPEN
    return withdrawal(request, own, "home-visit", domain.withdraw, is_open=is_open)


def _ask(
    request: HttpRequest, form: HomeVisitForm, office: Office, now: dt.datetime
) -> HomeVisit | None:
    """The request; None, with the reason on the form, where it can't be made."""

    def ask(asking: Asking, actor: Actor) -> HomeVisit:
        return domain.ask(asking, form.need(), actor, now)

    return sent(request, form, office, now, ask)


def _own(account: Account, number: str) -> HomeVisit:
    """A request of this account; for all others it doesn't exist."""
    visits = HomeVisit.objects.select_related("office__bureau")
    return get_object_or_404(visits, number=number, account=account)


def _rows(own: HomeVisit) -> Iterable[Row]:
    if own.visit_on and own.visit_from:
        yield {"label": _("Visit"), "value": f"{say_day(own.visit_on)} {own.visit_from:%H:%M}"}
    yield {"label": _("Address"), "value": own.address}
    yield {"label": _("Days that suit you"), "value": say_days(own.first_day, own.last_day)}
    yield {"label": _("Why"), "value": own.circumstances}
