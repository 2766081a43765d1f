"""Signing in with the identity platform, and linking it to an account that there is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants.domain import external
from applicants.domain.external import Person, PlatformError
from applicants.domain.sign_in_errors import SignInError
from applicants.pages import oidc
from applicants.pages.access import citizen_of, citizen_required, is_citizen
from applicants.pages.sealed import discard, seal, unseal
from applicants.pages.sign_in import enter, safe_target

PENDING = "platform"
TARGET = "platform_next"


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Leads to the platform. By a link: the answer to a form may lead nowhere else (CSP)."""
    _offered()
    request.session[TARGET] = safe_target(request, request.GET.get("next", ""))
    try:
        return oidc.lead_there(
            request, request.build_absolute_uri(reverse("sign-in-platform-back"))
        )
    except PlatformError as error:
        return _failed(request, error)


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where the platform sends people back to."""
    _offered()
    target = safe_target(request, request.session.get(TARGET, ""))
    if request.GET.get("error") == "access_denied":
        messages.warning(request, _("You were not signed in."))
        return redirect("sign-in")
    try:
        person = oidc.person_of(request)
        if is_citizen(request):
            return _meet(request, person, target)
        account = external.account_of(person, timezone.now())
    except (PlatformError, SignInError) as error:
        return _failed(request, error)
    request.session.pop(TARGET, None)
    return enter(request, account, target)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def link(request: HttpRequest) -> HttpResponse:
    """Asks whoever is signed in whether the platform's account is theirs, and links it."""
    _offered()
    pending = unseal(request, PENDING)
    if not pending:
        return redirect("account")
    if request.method == "POST":
        discard(request, PENDING)
        person = Person(bytes.fromhex(pending["subject"]), pending["level"])
        try:
            external.link(citizen_of(request), person, timezone.now())
        except PlatformError as error:
            return _failed(request, error)
        messages.success(request, _("The platform is linked to your account."))
        return redirect("account")
    return render(request, "applicants/platform_link.html", {"platform": external.platform_name()})


@require_POST
@citizen_required
def unlink(request: HttpRequest) -> HttpResponse:
    _offered()
    if external.unlink(citizen_of(request)):
        messages.success(request, _("The platform is no longer linked to your account."))
    else:
        messages.warning(request, _("You sign in with the platform only, so the link stays."))
    return redirect("account")


def _meet(request: HttpRequest, person: Person, target: str) -> HttpResponse:
    """Somebody signed in comes back: a new link is asked for first, so that no address that
    others made up can tie a stranger's identity to this account."""
    if external.is_linked(citizen_of(request), person):
        return redirect(target)
    seal(request, PENDING, {"subject": person.subject_hash.hex(), "level": person.level})
    return redirect("platform-link")


def _offered() -> None:
    if not external.is_offered():
        raise Http404


def _failed(request: HttpRequest, error: PlatformError | SignInError) -> HttpResponse:
    context = {"problem": str(error), "platform": external.platform_name()}
    return render(request, "applicants/platform_failed.html", context, status=error.status)
