"""WeChat tells us who reads this page in it: one more place to be told."""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applicants.domain import contact_points
from applicants.domain.contact_points import TooManyPoints
from applicants.enums import Medium
from applicants.gateways import is_offered
from applicants.gateways.wechat import NotTold, follower_of
from applicants.pages.access import citizen_of, citizen_required

AUTHORIZE = "https://open.weixin.qq.com/connect/oauth2/authorize"
STATE = "wechat_state"


@never_cache
@require_safe
@citizen_required
def start(request: HttpRequest) -> HttpResponse:
    """Leads to WeChat, which sends its user back at once. It works inside of WeChat only."""
    _offered()
    request.session[STATE] = secrets.token_urlsafe(16)
    query = {
        "appid": settings.WECHAT_APP_ID,
        "redirect_uri": request.build_absolute_uri(reverse("contact-wechat-back")),
        "response_type": "code",
        # Who it is, and nothing about them.
        "scope": "snsapi_base",
        "state": request.session[STATE],
    }
    return HttpResponseRedirect(f"{AUTHORIZE}?{urlencode(query)}#wechat_redirect")


@never_cache
@require_safe
@citizen_required
def back(request: HttpRequest) -> HttpResponse:
    _offered()
    expected = request.session.pop(STATE, "")
    if not (expected and constant_time_compare(request.GET.get("state", ""), expected)):
        return _failed(request)
    try:
        follower = follower_of(request.GET.get("code", ""))
        contact_points.add(citizen_of(request), Medium.WECHAT, follower, timezone.now())
    except NotTold:
        return _failed(request)
    except TooManyPoints as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Added. We try it when the ones before it fail."))
    return redirect("account-messages")


def _offered() -> None:
    if not is_offered(Medium.WECHAT):
        raise Http404


def _failed(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("WeChat did not tell us who you are. Please try again later."))
    return redirect("account-messages")
