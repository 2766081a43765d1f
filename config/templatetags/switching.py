"""What the switches of language and 长辈版 need to know of the page that they stand on."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django import template
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import get_language

register = template.Library()

# As short as readers know them: all of them stand in one line of a phone.
LANGUAGES = {"zh-hans": "简体", "zh-hant": "繁體", "en": "English"}
# Typed anew: secrets aren't repeated in a page, and each try of a code counts.
SECRETS = {"csrfmiddlewaretoken", "code", "altcha"}


@register.inclusion_tag("includes/switches.html", takes_context=True)
def switches(context: template.Context) -> dict[str, object]:
    """A page that refuses a form gives the form's answers along."""
    request: HttpRequest = context["request"]
    posted = request.method == "POST"
    sound = getattr(request, "csrf_processing_done", False) and not context.get("failed")
    again = posted and sound and _was_refused(context)
    back = {"next": request.get_full_path() if sound or not posted else "/"}
    return {
        "elder": context.get("elder"),
        "csrf_token": context.get("csrf_token"),
        "present": get_language(),
        "languages": LANGUAGES.items(),
        "answers": list(_answers(request)) if again else [],
        "back": urlencode({**back, "again": 1} if again else back),
    }


def _was_refused(context: template.Context) -> bool:
    """Whether nothing was done: what was done mustn't be done once more by a switch."""
    return any(isinstance(one, BaseForm) and one.errors for one in _values(context))


def _values(context: template.Context) -> Iterator[object]:
    for layer in context.dicts:
        yield from layer.values()


def _answers(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in SECRETS and "password" not in name:
            yield from ((name, value) for value in values if isinstance(value, str))
