"""The first question: which services, with what each of them takes."""

import datetime as dt
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.pages.posted import posted
from bookings.forms.cards import Card, Choices
from bookings.forms.citizen import WhatForm
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import find_office, offices_offering
from bookings.pages.citizen.progress import WHAT, show
from bookings.pages.citizen.steps import go_on
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy, policy_for
from offices.enums import Audience
from offices.models import Office, Service, ServiceGuide


@require_http_methods(["GET", "HEAD", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """`?service=` (repeatable) ticks services beforehand, `?office=` chooses the office."""
    draft = drafts.load(request)
    office = find_office(request.GET.get("office", ""))
    services = _bookable(office)
    form = WhatForm(
        posted(request),
        groups=_groups(services),
        lines={service.code: service.line_id for service in services},
        limit=(policy_for(office) if office else BookingPolicy()).max_services,
        journeys={service.code for service in services if service.audience == Audience.MAINLAND},
        initial={
            "services": request.GET.getlist("service") or draft.services,
            "purpose": draft.purpose,
        },
    )
    if request.method == "POST" and form.is_valid():
        draft.choose_services(form.cleaned_data["services"])
        draft.purpose = form.cleaned_data["purpose"]
        _settle_office(draft, office)
        drafts.save(request, draft)
        return go_on(request, draft, WHAT)
    notices = catalogue.notices(timezone.localdate(), office.pk if office else None)
    context = {
        "form": form,
        "office": office,
        "without_visit": _without_visit(),
        "notices": notices,
    }
    return show(request, "bookings/what.html", WHAT, context)


def _settle_office(draft: Draft, given: Office | None) -> None:
    """Keep an office that was chosen, as long as it offers all that is wanted now."""
    if given:
        draft.office, draft.office_given = given.code, True
        return
    offices = offices_offering(tuple(draft.services), timezone.localdate())
    if draft.office not in {office.code for office in offices}:
        draft.office, draft.office_given = "", False


def _bookable(office: Office | None) -> list[Service]:
    """In the order of lines."""
    services = [each for each in _shown() if each.visit_needed]
    if office:
        offered = catalogue.offered(office.pk, office.local_date(timezone.now()))
        services = [each for each in services if each.code in offered]
    return sorted(services, key=lambda each: (each.line.sort_order, each.sort_order))


def _without_visit() -> list[Service]:
    return [each for each in _shown() if not each.visit_needed]


def _shown() -> Iterable[Service]:
    return catalogue.public_services(timezone.localdate()).values()


def _groups(services: list[Service]) -> list[tuple[str, Choices]]:
    today, language = timezone.localdate(), get_language()
    groups: dict[str, list[tuple[str, Card]]] = {}
    for service in services:
        card = _card(service.code, today, language)
        groups.setdefault(service.line.label, []).append((service.code, card))
    return list(groups.items())


@catalogue.kept(500)
def _card(code: str, day: dt.date, _language: str | None) -> Card:
    """The service with its guide, the same for everybody who reads this language."""
    service, guide = catalogue.services()[code], _guide(code, day)
    if guide is None:
        return Card(service.label, public=True)
    facts = " · ".join(_facts(guide))
    context = {"guide": guide, "name": service.label}
    text = render_to_string("bookings/includes/guide.html", context)
    return Card(service.label, hints=(facts,) if facts else (), guide=text, public=True)


def _guide(code: str, day: dt.date) -> ServiceGuide | None:
    return catalogue.guides(day).get(catalogue.services()[code].pk)


def _facts(guide: ServiceGuide) -> list[str]:
    facts = []
    if guide.fee is not None:
        facts.append(_("%(fee)s yuan") % {"fee": f"{guide.fee.normalize():f}"})
    if guide.working_days:
        text = ngettext("%(n)s working day", "%(n)s working days", guide.working_days)
        facts.append(text % {"n": guide.working_days})
    return facts
