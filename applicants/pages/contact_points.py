"""Where somebody wants to be told, and in which language."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from applicants.contact import mask_contact, show_phone
from applicants.domain import contact_points
from applicants.domain.account import choose_language
from applicants.domain.contact_points import MOST, TooManyPoints
from applicants.domain.sign_in_errors import CodeJustSent, SignInError
from applicants.enums import Medium
from applicants.forms import CodeForm, EmailForm, LanguageForm, PhoneForm
from applicants.gateways import is_offered
from applicants.models import Account, ContactPoint
from applicants.pages.access import citizen_of, citizen_required, client_address
from applicants.pages.posted import posted
from applicants.pages.sealed import discard, seal, unseal
from applicants.pages.sign_in import challenge_for, check_challenge

PENDING = "contact_point"


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def overview(request: HttpRequest) -> HttpResponse:
    """A POST chooses the language of messages."""
    mine = citizen_of(request)
    form = LanguageForm(posted(request), initial={"language": mine.language})
    if request.method == "POST" and form.is_valid():
        choose_language(mine, form.cleaned_data["language"])
        messages.success(request, _("Your changes are saved."))
        return redirect("account-messages")
    points = _shown(mine)
    context = {
        "form": form,
        "points": points,
        "may_add": len(points) < MOST,
        "by_sms": is_offered(Medium.SMS),
        "by_email": is_offered(Medium.EMAIL),
        "wechat": is_offered(Medium.WECHAT),
        "in_wechat": "MicroMessenger" in request.headers.get("User-Agent", ""),
    }
    return render(request, "applicants/contact_points.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def add(request: HttpRequest) -> HttpResponse:
    """Asks for a phone number, or with `?by=email` for an address, and sends a code to it."""
    by_email = request.GET.get("by") == "email"
    form = (EmailForm if by_email else PhoneForm)(posted(request))
    problem: SignInError | TooManyPoints | None = None
    if request.method == "POST" and form.is_valid():
        problem = _send(request, form.medium, form.cleaned_data["contact"])
        if problem is None:
            return redirect("contact-code")
        form.add_error("contact", str(problem))
    waiting = problem if isinstance(problem, SignInError) else None
    context = {
        "form": form,
        "by_email": by_email,
        "challenge": challenge_for(request, form.medium, waiting),
    }
    status = waiting.status if waiting else HTTPStatus.OK
    return render(request, "applicants/contact_point_add.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the code: from then on messages go there as well."""
    pending = unseal(request, PENDING)
    if not pending:
        return redirect("account-messages")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            contact_points.add_by_code(
                citizen_of(request),
                pending["medium"],
                pending["address"],
                form.cleaned_data["code"],
                timezone.now(),
                client_address(request),
            )
        except (SignInError, TooManyPoints) as error:
            form.add_error("code", str(error))
        else:
            discard(request, PENDING)
            messages.success(request, _("Added. We try it when the ones before it fail."))
            return redirect("account-messages")
    context = {"form": form, "contact": mask_contact(pending["medium"], pending["address"])}
    return render(request, "applicants/contact_point_code.html", context)


@require_POST
@citizen_required
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        contact_points.move_up(citizen_of(request), pk, timezone.now())
    except ContactPoint.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Your changes are saved."))
    return redirect("account-messages")


@require_POST
@citizen_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        removed = contact_points.remove(citizen_of(request), pk, timezone.now())
    except ContactPoint.DoesNotExist:
        raise Http404 from None
    if removed:
        messages.success(request, _("Removed. Nothing more goes there for new bookings."))
    else:
        messages.warning(request, _("You sign in with it, so it stays."))
    return redirect("account-messages")


def _send(request: HttpRequest, medium: str, address: str) -> SignInError | TooManyPoints | None:
    language = get_language() or settings.LANGUAGE_CODE
    source, now = client_address(request), timezone.now()
    try:
        check_challenge(request, medium)
        contact_points.send_code(citizen_of(request), medium, address, language, now, source)
    except CodeJustSent:
        # Whoever went back and forward has the code already: let them enter it.
        pass
    except (SignInError, TooManyPoints) as error:
        return error
    seal(request, PENDING, {"medium": medium, "address": address})
    return None


def _shown(account: Account) -> list[dict[str, object]]:
    return [
        {
            "pk": point.pk,
            "medium": point.get_medium_display(),
            "address": _address(point),
            "is_own": contact_points.is_own(account, point),
        }
        for point in contact_points.points_of(account)
    ]


def _address(point: ContactPoint) -> str:
    if point.medium == Medium.SMS:
        return show_phone(point.address)
    # A follower's number means nothing to its owner.
    return "" if point.medium == Medium.WECHAT else point.address
