"""What is forgotten, and when (rule 10)."""

import datetime as dt

from django.db import transaction

from applicants.enums import MessageKind
from applicants.models import Message, SignInCode

SIGN_IN_CODES_KEPT = dt.timedelta(days=1)


@transaction.atomic
def forget_sign_in_codes(now: dt.datetime) -> int:
    """Delete spent codes and the messages that carried them; return how many codes."""
    before = now - SIGN_IN_CODES_KEPT
    Message.objects.filter(kind=MessageKind.SIGN_IN_CODE, not_after__lt=before).delete()
    deleted, _by_model = SignInCode.objects.filter(expires_at__lt=before).delete()
    return deleted
