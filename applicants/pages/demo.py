"""The demonstration's page of messages that would have been sent. There is no page outside it."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applicants.domain import texts
from applicants.domain.demo import demo_totp_codes
from applicants.enums import Medium, MessageState
from applicants.models import Message

SHOWN = 30
# Phone numbers can't be searched in the database: this many messages are looked at for one.
LOOKED_AT = 1000

_TAGS = {
    MessageState.SENT: "tag-good",
    MessageState.FAILED: "tag-danger",
    MessageState.UNKNOWN: "tag-danger",
}


@dataclass(frozen=True)
class ShownMessage:
    """What the page says of one message; of the recipient, the end of the number or address."""

    kind: str
    medium: str
    recipient: str
    language: str
    text: str
    state: str
    tag: str
    due_at: dt.datetime
    sent_at: dt.datetime | None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo_messages(request: HttpRequest) -> HttpResponse:
    """By POST, so that no number of a person gets into an address or a log."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("q", "").strip()
    waiting = Message.objects.filter(state=MessageState.PENDING).order_by("due_at", "pk")
    done = Message.objects.exclude(state=MessageState.PENDING).order_by("-due_at", "-pk")
    context = {
        "wanted": wanted,
        "waiting": _matching(waiting, wanted),
        "done": _matching(done, wanted),
        "staff": demo_totp_codes(timezone.now()),
    }
    return render(request, "demo/messages.html", context)


def _matching(messages: QuerySet[Message], wanted: str) -> list[ShownMessage]:
    found = (
        message
        for message in messages[:LOOKED_AT]
        if message.reference == wanted.upper() or message.recipient.endswith(wanted)
    )
    return [_shown(message) for message in islice(found, SHOWN)]


def _shown(message: Message) -> ShownMessage:
    return ShownMessage(
        kind=message.get_kind_display(),
        medium=message.get_medium_display(),
        recipient=_ending(message),
        language=message.language,
        text=texts.render(message),
        state=message.get_state_display(),
        tag=_TAGS.get(MessageState(message.state), ""),
        due_at=message.due_at,
        sent_at=message.sent_at,
    )


def _ending(message: Message) -> str:
    if message.medium == Medium.EMAIL:
        return "…@" + message.recipient.rpartition("@")[2]
    return f"…{message.recipient[-4:]}"
