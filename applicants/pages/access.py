"""Who asks: signed-in citizens, and the network address of a request."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from applicants.models import Account

Page = Callable[..., HttpResponse]


def is_citizen(request: HttpRequest) -> bool:
    """Staff accounts have no contact, and no household to book for."""
    return request.user.is_authenticated and request.user.contact_hash is not None


def citizen_of(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def citizen_required(page: Page) -> Page:
    """Leads to the sign-in page and back. The page is kept out of caches."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_citizen(request):
            return redirect_to_login(_way_back(request))
        response = page(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded


def client_address(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw."""
    proxies: int = settings.TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _way_back(request: HttpRequest) -> str:
    # A POST can't be repeated by following a link: go back to the page that holds its form.
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return request.path
