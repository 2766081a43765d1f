"""What every page knows about the site and its reader."""

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, to_locale

from applicants.pages.browsers import in_wechat

ELDER_COOKIE = "elder"


def site(request: HttpRequest) -> dict[str, object]:
    """The site's facts for templates. Reads no database, so that error pages can use it."""
    return {
        "demo": settings.DEMO,
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "hotline": settings.HOTLINE,
        "html_lang": to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-"),
        "wechat": in_wechat(request),
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
