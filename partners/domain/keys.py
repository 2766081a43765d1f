"""Bearer keys `yk_<prefix>_<secret>`: made once, recognised, revoked.

The prefix finds the row; of the secret only the SHA-256 is kept. A slow hash would add nothing:
the secret is 256 random bits, not something a person chose.
"""

import datetime as dt
import hashlib
import secrets
import string
from collections.abc import Iterable
from threading import Lock
from typing import Any

from cachetools import TLRUCache, cached
from django.conf import settings
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from partners.models import ApiKey, Partner

_ALPHABET = string.ascii_lowercase + string.digits
_PREFIX_LENGTH = 10
# A busy key would otherwise write its row with every request.
_NOTED_EVERY = dt.timedelta(minutes=1)


def issue_key(partner: Partner, scopes: Iterable[str]) -> tuple[ApiKey, str]:
    """A new key of the partner, and its token, which can't be read again."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX_LENGTH))
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        partner=partner, prefix=prefix, secret_hash=_digest(secret), scopes=sorted(set(scopes))
    )
    return key, f"yk_{prefix}_{secret}"


def recognise(token: str) -> ApiKey | None:
    """The key of this token, with its partner; None when unknown, revoked or switched off.

    A revoked key works for at most `FACTS_KEPT_SECONDS` more.
    """
    brand, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    if brand != "yk" or not secret.isascii() or not prefix.isalnum() or not prefix.isascii():
        return None
    key = _key(prefix)
    if key is None or not constant_time_compare(bytes(key.secret_hash), _digest(secret)):
        return None
    return key


def _kept_until(_asked: Any, _fact: Any, now: float) -> float:
    return now + settings.FACTS_KEPT_SECONDS


@cached(TLRUCache(1_000, ttu=_kept_until), lock=Lock())
def _key(prefix: str) -> ApiKey | None:
    keys = ApiKey.objects.select_related("partner")
    return keys.filter(prefix=prefix, revoked_at__isnull=True, partner__is_active=True).first()


@cached(TLRUCache(1_000, ttu=_kept_until), lock=Lock())
def offices_of(partner_id: int) -> frozenset[int]:
    """Ids of the offices that the partner may reach, at most `FACTS_KEPT_SECONDS` old."""
    reach = Partner.offices.through._default_manager.filter(partner=partner_id)
    return frozenset(reach.values_list("office_id", flat=True))


def forget() -> None:
    """Have this process ask for every key again."""
    _key.cache_clear()
    offices_of.cache_clear()


def note_use(key: ApiKey, now: dt.datetime) -> None:
    """Write when the key was last used, at most once a minute."""
    before = now - _NOTED_EVERY
    if key.last_used_at is not None and key.last_used_at > before:
        return
    key.last_used_at = now
    ApiKey.objects.filter(
        Q(last_used_at__isnull=True) | Q(last_used_at__lte=before), pk=key.pk
    ).update(last_used_at=now)


def revoke(key_ids: Iterable[int], now: dt.datetime) -> int:
    """How many of these keys stop working now; those already revoked keep their moment."""
    return ApiKey.objects.filter(pk__in=key_ids, revoked_at__isnull=True).update(revoked_at=now)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
