"""The second question: who is coming, and who needs what."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.domain.consents import lacking
from applicants.models import Applicant
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.consent import consent_required
from applicants.pages.posted import posted
from bookings.domain.eligibility import find_services, reasons_against_people
from bookings.domain.errors import Reason
from bookings.domain.households import is_child
from bookings.forms.cards import Card, Choices
from bookings.forms.citizen import WantedForm, WhoForm
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import (
    household_of,
    members,
    people_of,
    policy_of,
    reasons_by_service,
)
from bookings.pages.citizen.progress import WHERE, WHO, show
from bookings.pages.citizen.refusals import ways_on
from bookings.pages.citizen.steps import first_gap, go_on
from offices.models import Service


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@consent_required
def who(request: HttpRequest) -> HttpResponse:
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHO):
        return gap
    household = household_of(citizen_of(request))
    if not household:
        return _add_person(request, draft, household)
    today = timezone.localdate()
    services = find_services(draft.services)
    lacks = lacking(citizen_of(request), household, today)
    form = WhoForm(
        posted(request),
        cards=[
            (str(member.pk), _card(member, services, today, lacks=member.pk in lacks))
            for member in household
        ],
        with_children=any(is_child(member, today) for member in household),
        initial={"people": _ticked(draft, household), "accompanied": draft.accompanied},
    )
    if request.method == "POST" and "add" in request.POST:
        ticked = set(request.POST.getlist("people"))
        draft.people = [member.pk for member in household if str(member.pk) in ticked]
        draft.accompanied = "accompanied" in request.POST
        return _add_person(request, draft, household)
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        _answer(draft, form, household, services, today)
        reasons = _reasons(request, draft, today)
        for problem in dict.fromkeys(reason.message for reason in reasons):
            form.add_error("people", problem)
        if form.is_valid():
            drafts.save(request, draft)
            return _next(request, draft)
    return show(request, "bookings/who.html", WHO, {"form": form, **ways_on(reasons)})


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def wanted(request: HttpRequest) -> HttpResponse:
    """Which of the services each of several people needs."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHERE):
        return gap
    today = timezone.localdate()
    services = find_services(draft.services)
    people = members(citizen_of(request), draft)
    form = WantedForm(
        posted(request),
        people=[(member, _service_cards(member, services, today)) for member in people],
        initial={f"person_{member.pk}": draft.wanted_by(member.pk) for member in people},
    )
    if request.method == "POST" and form.is_valid():
        draft.wanted = {str(pk): codes for pk, codes in form.wanted().items()}
        drafts.save(request, draft)
        return go_on(request, draft, WHO)
    return show(request, "bookings/wanted.html", WHO, {"form": form})


def _add_person(request: HttpRequest, draft: Draft, household: list[Applicant]) -> HttpResponse:
    draft.known = [member.pk for member in household]
    drafts.save(request, draft)
    query = urlencode({"next": reverse("book-people")})
    return redirect(f"{reverse('household-add')}?{query}")


def _ticked(draft: Draft, household: list[Applicant]) -> list[str]:
    """Those chosen before and those just added; of a household of one, that one."""
    if len(household) == 1:
        return [str(household[0].pk)]
    known = [member.pk for member in household] if draft.known is None else draft.known
    added = [member.pk for member in household if member.pk not in known]
    return [str(pk) for pk in [*draft.people, *added]]


def _card(member: Applicant, services: dict[str, Service], today: dt.date, *, lacks: bool) -> Card:
    """`lacks`: the guardian hasn't agreed to what is kept of this child under 14."""
    against = reasons_by_service(member, services, today)
    nothing_fits = all(against.values())
    return Card(
        member.name,
        hints=(f"{member.get_id_type_display()} {member.masked_number}",),
        tag=str(member.get_relation_display()),
        problem=_problem(against, lacks=lacks) if nothing_fits or lacks else "",
        link_url=reverse("household-change", args=[member.pk]) if lacks else "",
        link=_("Read and give consent") if lacks else "",
    )


def _problem(against: dict[str, list[Reason]], *, lacks: bool) -> str:
    if lacks:
        return _("The guardian's consent is needed before this child can be booked for.")
    return next(iter(against.values()))[0].message


def _service_cards(member: Applicant, services: dict[str, Service], today: dt.date) -> Choices:
    against = reasons_by_service(member, services, today)
    return [
        (code, Card(service.label, problem=against[code][0].message if against[code] else ""))
        for code, service in services.items()
    ]


def _answer(
    draft: Draft,
    form: WhoForm,
    household: list[Applicant],
    services: dict[str, Service],
    today: dt.date,
) -> None:
    draft.people = form.cleaned_data["people"]
    draft.accompanied = form.cleaned_data.get("accompanied", False)
    draft.known = None
    draft.wanted = {pk: codes for pk, codes in draft.wanted.items() if int(pk) in draft.people}
    for member in household:
        against = reasons_by_service(member, services, today)
        if member.pk in draft.people and any(against.values()):
            draft.wanted[str(member.pk)] = [code for code in services if not against[code]]


def _reasons(request: HttpRequest, draft: Draft, today: dt.date) -> list[Reason]:
    people = people_of(citizen_of(request), draft, today)
    services = find_services(draft.services)
    return reasons_against_people(people, today, policy_of(draft), services)


def _next(request: HttpRequest, draft: Draft) -> HttpResponse:
    if len(draft.people) > 1 and len(draft.services) > 1:
        return redirect("book-wanted")
    return go_on(request, draft, WHO)
