"""Counting uses in the cache. A lost cache counts nothing: limits fail open (rule 5)."""

import datetime as dt

from django.core.cache import cache

from applicants.crypto import keyed_hash


def within_limit(name: str, user: str, limit: int, seconds: int, now: dt.datetime) -> bool:
    """Count one use by `user`; False once there were more than `limit` in this window.

    `user` is kept as a keyed hash: a network address is personal data.
    """
    window = int(now.timestamp()) // seconds
    key = f"limit:{name}:{keyed_hash(user, 'limit').hex()[:24]}:{window}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # Expired since the line above.
        return True
