"""How many codes go where, and for whom.

Limits by contact, network, prefix and country are counted in the database, by the codes
themselves: they hold without Redis. Limits by address are counted in the cache and fail open.
"""

import datetime as dt
import ipaddress

from django.conf import settings
from django.core.cache import cache

from applicants.crypto import keyed_hash
from applicants.domain.sign_in_errors import CountryNotServed, TooManyCodes
from applicants.models import SignInCode

HOUR = dt.timedelta(hours=1)
# +8613800: country, carrier and town, ten thousand numbers on the mainland.
PREFIX_DIGITS = 7
_NETWORK_BITS = {4: 24, 6: 48}


def within_limit(name: str, user: str, limit: int, seconds: int, now: dt.datetime) -> bool:
    """Count one use by `user`; False once there were more than `limit` in this window."""
    return count_use(name, user, seconds, now) <= limit


def count_use(name: str, user: str, seconds: int, now: dt.datetime) -> int:
    """Count one use by `user`; how many there were in this window, 0 while the cache is away.

    `user` is kept as a keyed hash: a network address is personal data.
    """
    window = int(now.timestamp()) // seconds
    key = f"limit:{name}:{keyed_hash(user, 'limit').hex()[:24]}:{window}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # Expired since the line above.
        return 1


def prefix_hash(e164: str) -> bytes:
    """Of +86138001 for +8613800138000: numbers beside each other have it in common."""
    return keyed_hash(e164[: PREFIX_DIGITS + 1], "code.prefix")


def network_hash(address: str) -> bytes | None:
    """Of the IPv4 /24 or IPv6 /48 around an address; None where there is no address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    network = ipaddress.ip_network((ip, _NETWORK_BITS[ip.version]), strict=False)
    return keyed_hash(str(network), "code.network")


def check_country(region: str) -> None:
    """Raises CountryNotServed where no text messages go."""
    if region not in settings.SMS_COUNTRIES and region not in settings.SMS_FAR_COUNTRIES:
        raise CountryNotServed


def is_far(region: str) -> bool:
    """Dear to reach, and seldom needed: fewer codes go there, and the breaker may stop them."""
    return region not in settings.SMS_COUNTRIES


def check_network(address: str, now: dt.datetime) -> None:
    """One asker among many, and the network around it. Raises TooManyCodes."""
    if not address:
        return
    if not within_limit("send", address, settings.CODES_PER_ADDRESS_AND_HOUR, 3600, now):
        raise TooManyCodes
    if _asked_from(address, now) >= settings.CODES_PER_NETWORK_AND_HOUR:
        raise TooManyCodes


def check_numbers(region: str, prefix: bytes, now: dt.datetime) -> None:
    """The numbers around the one that is asked for. Raises TooManyCodes."""
    recent = SignInCode.objects.filter(created_at__gt=now - HOUR)
    if recent.filter(prefix_hash=prefix).count() >= settings.CODES_PER_PREFIX_AND_HOUR:
        raise TooManyCodes
    if is_far(region):
        limit: int = settings.CODES_PER_FAR_COUNTRY_AND_HOUR
        if recent.filter(region=region).count() >= limit:
            raise TooManyCodes


def is_network_busy(address: str, now: dt.datetime) -> bool:
    """Half of what its network may ask for is used up."""
    return 2 * _asked_from(address, now) >= settings.CODES_PER_NETWORK_AND_HOUR


def _asked_from(address: str, now: dt.datetime) -> int:
    network = network_hash(address)
    if network is None:
        return 0
    return SignInCode.objects.filter(network_hash=network, created_at__gt=now - HOUR).count()
