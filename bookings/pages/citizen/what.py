"""The first question: which services, with what each of them takes."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applicants.pages.posted import posted
from bookings.forms.cards import Card, Choices
from bookings.forms.citizen import WhatForm
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import find_office
from bookings.pages.citizen.progress import WHAT, show
from bookings.pages.citizen.steps import go_on
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office, OfficeService, Service, ServiceGuide


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
        initial={"services": request.GET.getlist("service") or draft.services},
    )
    if request.method == "POST" and form.is_valid():
        draft.choose_services(form.cleaned_data["services"])
        _settle_office(draft, office)
        drafts.save(request, draft)
        return go_on(request, draft, WHAT)
    context = {"form": form, "office": office, "without_visit": _without_visit()}
    return show(request, "bookings/what.html", WHAT, context)


def _settle_office(draft: Draft, given: Office | None) -> None:
    """Keep an office that was chosen, as long as it offers all that is wanted now."""
    if given:
        draft.office, draft.office_given = given.code, True
        return
    today = timezone.localdate()
    offices = Office.objects.bookable().offering(draft.services, today)
    if not offices.filter(code=draft.office).exists():
        draft.office, draft.office_given = "", False


def _bookable(office: Office | None) -> list[Service]:
    services = Service.objects.filter(is_active=True, visit_needed=True)
    if office:
        today = office.local_date(timezone.now())
        offered = OfficeService.objects.in_force(today).filter(office=office)
        services = services.filter(pk__in=offered.values("service"))
    return list(services.select_related("line").order_by("line__sort_order", "sort_order"))


def _without_visit() -> list[Service]:
    return list(Service.objects.filter(is_active=True, visit_needed=False))


def _groups(services: list[Service]) -> list[tuple[str, Choices]]:
    guides = guides_in_force()
    groups: dict[str, list[tuple[str, Card]]] = {}
    for service in services:
        card = _card(service, guides.get(service.pk))
        groups.setdefault(service.line.label, []).append((service.code, card))
    return list(groups.items())


def guides_in_force() -> dict[int, ServiceGuide]:
    """By service id, as of today."""
    today = timezone.localdate()
    return {guide.service_id: guide for guide in ServiceGuide.objects.in_force(today)}


def _card(service: Service, guide: ServiceGuide | None) -> Card:
    facts = _facts(guide) if guide else []
    return Card(service.label, hints=[" · ".join(facts)] if facts else [], guide=guide)


def _facts(guide: ServiceGuide) -> list[str]:
    facts = []
    if guide.fee is not None:
        facts.append(_("%(fee)s yuan") % {"fee": f"{guide.fee.normalize():f}"})
    if guide.working_days:
        text = ngettext("%(n)s working day", "%(n)s working days", guide.working_days)
        facts.append(text % {"n": guide.working_days})
    return facts
