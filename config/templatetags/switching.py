"""What the switches of language and 长辈版 need to know of the page that they stand on."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.utils.translation import get_language

register = template.Library()

# As short as readers know them: all of them stand in one line of a phone.
LANGUAGES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
# Typed anew: secrets aren't repeated in a page, and each try of a code counts.
SECRETS = {"csrfmiddlewaretoken", "code", "altcha"}


@register.inclusion_tag("includes/switches.html", takes_context=True)
def switches(context: template.Context) -> dict[str, object]:
    """A page that is the answer to a form gives the form's answers along."""
    request: HttpRequest = context["request"]
    again = _may_be_asked_again(context, request)
    back = {"next": "/" if request.method == "POST" and not again else request.get_full_path()}
    return {
        "elder": context.get("elder"),
        "csrf_token": context.get("csrf_token"),
        "present": get_language(),
        "languages": LANGUAGES.items(),
        "answers": list(_answers(request)) if again else [],
        "back": urlencode({**back, "again": 1} if again else back),
    }


def _may_be_asked_again(context: template.Context, request: HttpRequest) -> bool:
    """Not the form of another site, nor what failed: a switch must not try that once more."""
    checked = getattr(request, "csrf_processing_done", False)
    return request.method == "POST" and checked and not context.get("failed")


def _answers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in SECRETS and "password" not in name:
            yield from ((name, value) for value in values if isinstance(value, str))
