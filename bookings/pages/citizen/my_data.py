"""All that is kept about an account: to see, to take along, to delete (PIPL 44-47)."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants.contact import mask_contact
from applicants.domain.consents import agrees
from applicants.domain.sign_in import send_code, verify_code
from applicants.domain.sign_in_errors import SignInError
from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required, client_address
from bookings.domain.privacy.erasure import (
    erase,
    open_urgent_of,
    open_visits_of,
    upcoming_of,
    withdraw_consent,
)
from bookings.domain.privacy.export import as_plain
from bookings.domain.privacy.kept import kept_about
from bookings.forms.my_data import EraseForm


@require_safe
@citizen_required
def my_data(request: HttpRequest) -> HttpResponse:
    account = citizen_of(request)
    context = {"kept": kept_about(account), "agrees": agrees(account)}
    return render(request, "bookings/my_data.html", context)


@require_safe
@citizen_required
def export(request: HttpRequest) -> HttpResponse:
    """The same as a file for programs."""
    account, now = citizen_of(request), timezone.now()
    plain = as_plain(kept_about(account), now)
    response = JsonResponse(plain, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"yihao-{timezone.localdate(now)}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def take_back(request: HttpRequest) -> HttpResponse:
    """Says first what it means to take back the consent."""
    account = citizen_of(request)
    if request.method == "POST":
        withdraw_consent(account, timezone.now())
        messages.success(request, _("Your consent is taken back, and your list is empty."))
        return redirect("privacy-my-data")
    context = {"people": list(account.household.all())}
    return render(request, "bookings/consent_take_back.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def delete(request: HttpRequest) -> HttpResponse:
    """A POST with `do=code` sends a code; any other deletes the account, with that code."""
    account, now = citizen_of(request), timezone.now()
    if request.method == "POST" and request.POST.get("do") == "code":
        return _send_code(request, account)
    upcoming = list(upcoming_of(account, now).with_details())
    requests = [
        *open_urgent_of(account).select_related("office"),
        *open_visits_of(account).select_related("office"),
    ]
    form = EraseForm(
        request.POST if request.method == "POST" else None,
        has_upcoming=bool(upcoming or requests),
        by_code=bool(account.contact),
    )
    if request.method == "POST" and form.is_valid() and _is_holder(request, account, form):
        erase(account, now, cancels=form.cancels)
        logout(request)
        messages.success(request, _("Your account is deleted."))
        return redirect("home")
    context = {
        "form": form,
        "upcoming": upcoming,
        "requests": requests,
        "contact": mask_contact(account.medium, account.contact) if account.contact else "",
    }
    return render(request, "bookings/account_delete.html", context)


def _send_code(request: HttpRequest, account: Account) -> HttpResponse:
    """Whoever has just signed in waits a minute: the code that they used is spent."""
    language, source = get_language() or account.language, client_address(request)
    try:
        send_code(account.medium, account.contact, language, timezone.now(), source=source)
    except SignInError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("We have sent you a code."))
    return redirect("privacy-delete")


def _is_holder(request: HttpRequest, account: Account, form: EraseForm) -> bool:
    """Not only somebody who found the browser open."""
    if not account.contact:
        return True
    typed, source = form.cleaned_data["code"], client_address(request)
    try:
        verify_code(account.medium, account.contact, typed, timezone.now(), source=source)
    except SignInError as error:
        form.add_error("code", str(error))
        return False
    return True
