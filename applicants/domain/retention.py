"""What is forgotten, and when (rule 10)."""

import datetime as dt

from django.db import transaction

from applicants.enums import MessageKind
from applicants.models import Message, SignInCode

SIGN_IN_CODES_KEPT = dt.timedelta(days=1)
BATCH = 1000


def forget_sign_in_codes(now: dt.datetime) -> int:
    """Delete spent codes and the messages that carried them; return how many codes."""
    forgotten = 0
    while True:
        deleted = _forget_batch(now - SIGN_IN_CODES_KEPT)
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
