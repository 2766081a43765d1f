"""What is told and asked before anything personal is kept (PIPL 13, 17, 29)."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from applicants.consent_forms import ConsentForm
from applicants.domain import periods
from applicants.domain.consents import agree, agrees
from applicants.pages.access import citizen_of, citizen_required, is_citizen
from applicants.pages.posted import posted

Page = Callable[..., HttpResponse]


def consent_required(page: Page) -> Page:
    """Leads to the notice and back, until its present words are agreed to.

    Inside `citizen_required`; others pass, to be refused by it.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_citizen(request) and not agrees(citizen_of(request)):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('privacy-consent')}?{query}")
        return page(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def consent(request: HttpRequest) -> HttpResponse:
    """The short notice, with one box that nobody has ticked. `?next=` leads on."""
    account, target = citizen_of(request), _target(request)
    form = ConsentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        agree(account, timezone.now())
        return HttpResponseRedirect(target)
    if agrees(account):
        return HttpResponseRedirect(target)
    context = {
        "form": form,
        "days": periods.days(),
        "again": account.consents.exists(),
    }
    return render(request, "applicants/consent.html", context)


def _target(request: HttpRequest) -> str:
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return reverse("household")
