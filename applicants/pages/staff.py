"""Staff sign-in: username, password and authenticator, by django-allauth."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from applicants.crypto import decrypt, encrypt
from applicants.domain.demo import left_from_demo
from applicants.models import Account
from applicants.pages.access import client_address

Page = Callable[..., HttpResponseBase]
_TOTP_PURPOSE = "mfa.totp"


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts of staff are made by their security administrator; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_login(
        self, request: HttpRequest, user: Account, **options: Any
    ) -> HttpResponseBase | None:
        """Called between password and code. A database may outlive its demonstration."""
        if left_from_demo(user):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **options)

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("desk")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("mfa_index")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


class StaffMFAAdapter(DefaultMFAAdapter):
    """Secrets are encrypted at rest like personal data; the QR code is drawn by segno."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, _TOTP_PURPOSE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(bytes.fromhex(encrypted_text), _TOTP_PURPOSE)

    def build_totp_svg(self, url: str) -> str:
        drawing = io.BytesIO()
        segno.make_qr(url, error="m").save(drawing, kind="svg", xmldecl=False, scale=6)
        return drawing.getvalue().decode()


def staff_of(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def staff_only(page: Page) -> Page:
    """For accounts of staff, signed in with their password: enough to set up an authenticator.

    Each use puts off the moment when an idle session ends.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not staff_of(request).is_staff:
            raise Http404
        request.session.set_expiry(settings.STAFF_IDLE_SECONDS)
        response = page(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def two_factors_required(page: Page) -> Page:
    """For staff who gave password and authenticator code in this session; leads there otherwise."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_mfa_enabled(staff_of(request), [Authenticator.Type.TOTP]):
            return redirect("mfa_activate_totp")
        if not _gave_second_factor(request):
            return _ask_for_code(request)
        return page(request, *args, **kwargs)

    return staff_only(guarded)


def _gave_second_factor(request: HttpRequest) -> bool:
    records = get_authentication_records(request, staff_of(request))
    return any(record["method"] == "mfa" for record in records)


def _ask_for_code(request: HttpRequest) -> HttpResponseRedirect:
    way_back = request.get_full_path() if request.method == "GET" else reverse("desk")
    query = urlencode({"next": way_back})
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")
