"""What is forgotten, and when (rule 10)."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from applicants.domain import groups, periods
from applicants.enums import GroupState, MessageKind
from applicants.models import Group, Message, SignInCode, Suspension
from applicants.models.message import SETTLED

BATCH = 1000


def forget_sign_in_codes(now: dt.datetime) -> int:
    """Delete spent codes and the messages that carried them; return how many codes."""
    forgotten = 0
    while True:
        deleted = _forget_batch(now - periods.period(periods.SIGN_IN_CODES))
        forgotten += deleted
        if deleted < BATCH:
            return forgotten


@transaction.atomic
def _forget_batch(before: dt.datetime) -> int:
    spent = SignInCode.objects.filter(expires_at__lt=before).order_by("pk")[:BATCH]
    # By the reference, which is indexed: nothing else tells codes from millions of other messages.
    references = {code.pk: code.reference for code in spent}
    Message.objects.filter(
        reference__in=references.values(), kind=MessageKind.SIGN_IN_CODE
    ).delete()
    deleted, _by_model = SignInCode.objects.filter(pk__in=references.keys()).delete()
    return deleted


def forget_recipients(now: dt.datetime, limit: int = BATCH) -> int:
    """Empty up to `limit` messages that left long ago, or never will; how many."""
    return _empty(list(due_recipients(now)[:limit]))


def due_recipients(now: dt.datetime) -> "QuerySet[Message, int]":
    """The keys of messages that are to be emptied, the oldest first."""
    old = _settled().alias(over_at=Coalesce("sent_at", "not_after")).order_by("over_at")
    before = now - periods.period(periods.MESSAGES)
    return old.filter(over_at__lt=before).values_list("pk", flat=True)


def empty_messages(messages: "QuerySet[Message]") -> int:
    """Of those that wait for nothing: to whom they went, and what only that person may read."""
    return _empty(list(_settled().filter(pk__in=messages).values_list("pk", flat=True)))


def _settled() -> "QuerySet[Message]":
    return Message.objects.filter(state__in=SETTLED).exclude(recipient="")


def _empty(messages: list[int]) -> int:
    # By ids that are known: for a join the planner might read the messages of many months.
    return Message.objects.filter(pk__in=messages).update(recipient="", alternatives="", secret="")


def forget_suspensions(now: dt.datetime) -> int:
    """With the appeals against them; how many suspensions."""
    before = now - periods.period(periods.SUSPENSIONS)
    over = Suspension.objects.filter(ends_at__lt=before)
    _rows, by_model = over.delete()
    return by_model.get(Suspension._meta.label, 0)


def forget_groups(now: dt.datetime) -> int:
    """Empty whom to call about organisations that were refused long ago; of how many."""
    before = now - periods.period(periods.GROUPS)
    return groups.empty_contacts(
        Group.objects.filter(state=GroupState.REFUSED, decided_at__lt=before)
    )


def forget_sessions(now: dt.datetime, limit: int = BATCH) -> int:
    """Delete up to `limit` sessions that have ended; how many."""
    over = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    keys = list(over.values_list("pk", flat=True)[:limit])
    deleted, _by_model = Session.objects.filter(pk__in=keys).delete()
    return deleted
