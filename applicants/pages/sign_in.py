"""Signing in: a contact, then the code that was sent to it. Signing out."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applicants.contact import mask_contact
from applicants.domain import challenge, external
from applicants.domain.sign_in import send_code, verify_code
from applicants.domain.sign_in_errors import CodeJustSent, SignInError, WaitLonger
from applicants.enums import Medium
from applicants.forms import CodeForm, EmailForm, PhoneForm
from applicants.models import Account
from applicants.pages.access import client_address, is_citizen
from applicants.pages.posted import posted
from applicants.pages.sealed import discard, seal, unseal

PENDING = "sign_in"
AFTER_SIGN_IN = "my-bookings"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Asks for a phone number, or with `?by=email` for an address, and sends a code to it."""
    target = safe_target(request, request.GET.get("next", ""))
    if request.method != "POST" and is_citizen(request):
        return redirect(target)
    by_email = request.GET.get("by") == "email"
    form_class = EmailForm if by_email else PhoneForm
    form = form_class(posted(request))
    problem: SignInError | None = None
    if request.method == "POST" and form.is_valid():
        pending = {"medium": form.medium, "address": form.cleaned_data["contact"], "next": target}
        problem = _send(request, pending)
        if problem is None:
            return redirect("sign-in-code")
        form.add_error("contact", str(problem))
    context = {
        "form": form,
        "by_email": by_email,
        "next": request.GET.get("next", ""),
        "refused": problem,
        "challenge": challenge_for(request, form.medium, problem),
        "platform": external.platform_name(),
    }
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "applicants/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the code, and signs in."""
    pending = unseal(request, PENDING)
    if not pending:
        return redirect("sign-in")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = verify_code(
                pending["medium"],
                pending["address"],
                form.cleaned_data["code"],
                timezone.now(),
                source=client_address(request),
            )
        except SignInError as error:
            form.add_error("code", str(error))
        else:
            return enter(request, account, pending["next"])
    context = {
        "form": form,
        "contact": mask_contact(pending["medium"], pending["address"]),
        "by_email": pending["medium"] == Medium.EMAIL,
        "next": pending["next"],
        "challenge": challenge_for(request, pending["medium"]),
    }
    return render(request, "applicants/sign_in_code.html", context)


@require_POST
def resend(request: HttpRequest) -> HttpResponse:
    """Sends another code to the contact of this sign-in."""
    pending = unseal(request, PENDING)
    if not pending:
        return redirect("sign-in")
    problem = _send(request, pending, again=True)
    if problem is None:
        messages.success(request, _("We have sent a new code. Earlier ones no longer work."))
        return redirect("sign-in-code")
    messages.warning(request, str(problem))
    if isinstance(problem, WaitLonger):
        waits = urlencode({"wait": request.POST.get("wait", "")})
        return redirect(f"{reverse('sign-in-code')}?{waits}")
    return redirect("sign-in-code")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("home")


def _send(
    request: HttpRequest, pending: dict[str, str], *, again: bool = False
) -> SignInError | None:
    language = get_language() or settings.LANGUAGE_CODE
    source, now = client_address(request), timezone.now()
    try:
        check_challenge(request, pending["medium"])
        send_code(pending["medium"], pending["address"], language, now, source=source)
    except CodeJustSent as error:
        # Someone who went back and forward has the code already: let them enter it.
        if again:
            return error
    except SignInError as error:
        return error
    seal(request, PENDING, pending)
    return None


def check_challenge(request: HttpRequest, medium: str) -> None:
    """Raises SignInError for an answer that is lacking or wrong, where one is asked for."""
    if _is_challenged(request, medium):
        answer, token = request.POST.get("altcha", ""), request.POST.get("wait", "")
        challenge.check(answer, token, client_address(request), timezone.now())


def _is_challenged(request: HttpRequest, medium: str) -> bool:
    """Only what costs us money is."""
    if medium != Medium.SMS:
        return False
    return challenge.is_needed(client_address(request), timezone.now())


def challenge_for(
    request: HttpRequest, medium: str, problem: SignInError | None = None
) -> challenge.Challenge | None:
    if not _is_challenged(request, medium):
        return None
    # Whoever waits goes on waiting, and doesn't begin anew.
    token = request.POST.get("wait", "") if isinstance(problem, WaitLonger) else ""
    return challenge.ask(timezone.now(), token or request.GET.get("wait", ""))


def enter(request: HttpRequest, account: Account, target: str) -> HttpResponseRedirect:
    """Sign in, with a new session key, and go on."""
    discard(request, PENDING)
    login(request, account, backend=BACKEND)
    # Messages follow in the language that the person reads now.
    account.language = get_language() or settings.LANGUAGE_CODE
    account.save(update_fields=["language"])
    return HttpResponseRedirect(target)


def safe_target(request: HttpRequest, target: str) -> str:
    """`target` where it is on this site; my bookings otherwise."""
    allowed = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # A word alone would be taken for the name of a page.
    return target if allowed and target.startswith("/") else resolve_url(AFTER_SIGN_IN)
