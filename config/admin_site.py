"""Django's admin behind both factors: it can change more than any desk."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from applicants.pages.staff import two_factors_required

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class TwoFactorAdminSite(AdminSite):
    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return cast(View, two_factors_required(super().admin_view(view, cacheable)))

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The staff's own sign-in stands in for the admin's, which asks for a password only."""
        way_back = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(way_back, reverse("account_login"))
