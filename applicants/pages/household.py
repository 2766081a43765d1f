"""The people whom an account books for, and what is kept about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants.contact import show_phone
from applicants.countries import country_name
from applicants.domain.consents import lacking
from applicants.domain.household import (
    HouseholdError,
    add_person,
    change_person,
    guardian_agrees,
    remove_person,
)
from applicants.domain.renewal import may_be_renewed
from applicants.enums import Medium, Relation
from applicants.household_forms import GUARDIAN, ChangedPersonForm, NewPersonForm
from applicants.models import Account, Applicant
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.consent import consent_required
from applicants.pages.posted import posted


@require_safe
@citizen_required
def household(request: HttpRequest) -> HttpResponse:
    account = citizen_of(request)
    people = list(account.household.all())
    context = {
        "people": people,
        "renewable": {person.pk for person in people if _may_be_renewed(person)},
        "lacking": lacking(account, people, timezone.localdate()),
        "account_rows": _account_rows(account),
    }
    return render(request, "applicants/household.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@consent_required
def add(request: HttpRequest) -> HttpResponse:
    """`?next=` leads back into a booking."""
    account = citizen_of(request)
    people = list(account.household.all())
    form = NewPersonForm(posted(request), household=people, initial=_first_guess(people))
    target = _safe_target(request)
    if request.method == "POST" and form.is_valid():
        try:
            agreed_at = timezone.now() if form.is_young else None
            add_person(account, form.person(), guardian_agreed_at=agreed_at)
        except HouseholdError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The person is in your list."))
            return redirect(target)
    context = {"form": form, "back": target, "first": not people}
    return render(request, "applicants/person_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    applicant = get_object_or_404(citizen_of(request).household, pk=pk)
    current = {
        "name": applicant.name,
        "relation": applicant.relation,
        "priority": applicant.priority,
        "is_student": applicant.is_student,
        "home_city": applicant.home_city,
        "document_expires": applicant.document_expires_text,
    }
    asks = bool(lacking(applicant.account, [applicant], timezone.localdate()))
    form = ChangedPersonForm(posted(request), initial=current, asks_guardian=asks)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if values.pop(GUARDIAN, False):
            guardian_agrees(applicant, timezone.now())
        change_person(applicant, **values)
        messages.success(request, _("Your changes are saved."))
        return redirect("household")
    context = {"form": form, "applicant": applicant, "rows": _document_rows(applicant)}
    return render(request, "applicants/person_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    applicant = get_object_or_404(citizen_of(request).household, pk=pk)
    if request.method == "POST":
        remove_person(applicant)
        messages.success(request, _("The person has been removed from your list."))
        return redirect("household")
    return render(request, "applicants/person_remove.html", {"applicant": applicant})


def _may_be_renewed(person: Applicant) -> bool:
    expires = person.document_expires
    return expires is not None and may_be_renewed(expires, timezone.localdate())


def _first_guess(people: list[Applicant]) -> dict[str, str]:
    has_self = any(person.relation == Relation.SELF for person in people)
    return {"relation": Relation.OTHER if has_self else Relation.SELF}


def _account_rows(account: Account) -> list[dict[str, str]]:
    by_email = account.medium == Medium.EMAIL
    shown = account.contact if by_email else show_phone(account.contact)
    return [
        {"label": _("E-mail address") if by_email else _("Mobile number"), "value": shown},
        {"label": _("Language of messages"), "value": account.get_language_display()},
    ]


def _document_rows(applicant: Applicant) -> list[dict[str, str]]:
    rows = [
        {"label": applicant.get_id_type_display(), "value": applicant.masked_number},
        {"label": _("Date of birth"), "value": applicant.birth_date_text},
    ]
    if applicant.nationality:
        rows.append({"label": _("Nationality"), "value": country_name(applicant.nationality)})
    return rows


def _safe_target(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    # A word alone would be taken for the name of a page.
    return target if allowed and target.startswith("/") else "household"
