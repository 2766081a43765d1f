"""Stops text messages that somebody has sent for the carriers' fees (SMS pumping, AIT).

Whoever pumps asks for codes and uses none. When far more codes than usual go to a country or to
numbers beside each other, and hardly any is used, codes stop going there for some minutes; then a
few are let through, and if they are used all is as before. To the countries that everybody needs,
codes are never stopped as a whole: there the open breaker demands the challenge.
"""

import datetime as dt
import math
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, QuerySet, Sum

from applicants.domain.limits import is_far
from applicants.domain.sign_in_errors import SmsPaused
from applicants.models import CodeBreaker, CodeHour, SignInCode
from applicants.models.code import BREAKER_FORGOTTEN_AFTER

log = structlog.get_logger(__name__)

# Whoever gets a code has typed it by then.
TIME_TO_TYPE = dt.timedelta(minutes=2)
# Let through after a pause, to see whether people are back.
TRIALS = 3
WATCHED_EVERY_SECONDS = 10
LONGEST_PAUSE = dt.timedelta(hours=4)
NORMAL_DAYS = 14
_HOUR = dt.timedelta(hours=1)
_KEPT = dt.timedelta(days=2)
_HOURS_KEPT = dt.timedelta(days=30)


@dataclass(frozen=True)
class Scope:
    """Codes that are watched together."""

    name: str
    codes: QuerySet[SignInCode]
    may_stop: bool
    # "" for a prefix: nobody has counted what is normal there.
    region: str = ""


@dataclass(frozen=True)
class Share:
    sent: int
    used: int

    @property
    def is_used(self) -> bool:
        return 100 * self.used >= settings.BREAKER_USED_PERCENT * self.sent


def check(region: str, prefix: bytes, now: dt.datetime) -> None:
    """Raises SmsPaused while codes to this region or prefix are stopped.

    Outside of any transaction that fails with it: what it finds is to be remembered.
    """
    for scope in (_region_scope(region), _prefix_scope(prefix)):
        if not scope.may_stop and _was_just_watched(scope):
            continue
        left = _pause_left(scope, now)
        if left and scope.may_stop:
            raise SmsPaused(math.ceil(left / dt.timedelta(minutes=1)))


def is_awake(now: dt.datetime) -> bool:
    """Somebody pumps somewhere, or did until shortly."""
    awake = CodeBreaker.objects.filter(
        ended_at__isnull=True, stops_until__gt=now - BREAKER_FORGOTTEN_AFTER
    )
    return awake.exists()


def count_hours(now: dt.datetime) -> None:
    """Write down how many codes each region got, before they are forgotten. Safe to repeat."""
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    for back in range(1, 4):
        hour = this_hour - back * _HOUR
        codes = SignInCode.objects.filter(created_at__gte=hour, created_at__lt=hour + _HOUR)
        counted = codes.exclude(region="").order_by().values("region")
        for row in counted.annotate(sent=Count("pk"), used=Count("used_at")):
            CodeHour.objects.update_or_create(
                region=row["region"],
                hour=hour,
                defaults={"sent": row["sent"], "used": row["used"]},
            )
    CodeHour.objects.filter(hour__lt=now - _HOURS_KEPT).delete()
    CodeBreaker.objects.filter(stops_until__lt=now - _KEPT).delete()


def _was_just_watched(scope: Scope) -> bool:
    """At eight thousands of codes go to the mainland, and each look counts them all."""
    return not cache.add(f"breaker:{scope.name}", 1, timeout=WATCHED_EVERY_SECONDS)


def _region_scope(region: str) -> Scope:
    return Scope(
        name=f"region:{region}",
        codes=SignInCode.objects.filter(region=region),
        may_stop=is_far(region),
        region=region,
    )


def _prefix_scope(prefix: bytes) -> Scope:
    return Scope(
        name=f"prefix:{prefix.hex()[:16]}",
        codes=SignInCode.objects.filter(prefix_hash=prefix),
        may_stop=True,
    )


def _normal(scope: Scope, now: dt.datetime) -> float:
    """The mean of codes at this hour of the day."""
    if not scope.region:
        return 0
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - dt.timedelta(days=days) for days in range(1, NORMAL_DAYS + 1)]
    counted = CodeHour.objects.filter(region=scope.region, hour__in=hours)
    return (counted.aggregate(sent=Sum("sent"))["sent"] or 0) / NORMAL_DAYS


def _pause_left(scope: Scope, now: dt.datetime) -> dt.timedelta:
    """How long nothing goes to this scope; zero where a code may go."""
    breaker = CodeBreaker.objects.filter(scope=scope.name).first()
    if breaker is None or breaker.is_over(now):
        return _watch(scope, breaker, now)
    if now < breaker.stops_until:
        return breaker.stops_until - now
    return _try(scope, breaker, now)


def _watch(scope: Scope, breaker: CodeBreaker | None, now: dt.datetime) -> dt.timedelta:
    since = now - _HOUR
    if breaker:
        # What tripped it the last time is not counted again.
        since = max(since, breaker.ended_at or breaker.stops_until)
    share = _share(scope, since, now - TIME_TO_TYPE)
    if share.sent < settings.BREAKER_CODES or share.is_used:
        return dt.timedelta(0)
    if share.sent < settings.BREAKER_TIMES_NORMAL * _normal(scope, now):
        return dt.timedelta(0)
    return _trip(scope, share, 1, now)


def _try(scope: Scope, breaker: CodeBreaker, now: dt.datetime) -> dt.timedelta:
    trials = scope.codes.filter(created_at__gte=breaker.stops_until)
    if trials.count() < TRIALS:
        return dt.timedelta(0)
    share = _share(scope, breaker.stops_until, now - TIME_TO_TYPE)
    if share.sent and share.is_used:
        CodeBreaker.objects.filter(pk=breaker.pk).update(ended_at=now)
        log.info("sms_breaker_closed", scope=scope.name, sent=share.sent, used=share.used)
        return dt.timedelta(0)
    if share.sent < TRIALS:
        return TIME_TO_TYPE
    return _trip(scope, share, breaker.trips + 1, now)


def _share(scope: Scope, since: dt.datetime, until: dt.datetime) -> Share:
    codes = scope.codes.filter(created_at__gte=since, created_at__lt=until).order_by()
    return Share(**codes.aggregate(sent=Count("pk"), used=Count("used_at")))


def _trip(scope: Scope, share: Share, trips: int, now: dt.datetime) -> dt.timedelta:
    pause = dt.timedelta(minutes=settings.BREAKER_MINUTES)
    pause = min(pause * 2 ** min(trips - 1, 10), LONGEST_PAUSE)
    CodeBreaker.objects.update_or_create(
        scope=scope.name,
        defaults={
            "tripped_at": now,
            "stops_until": now + pause,
            "trips": trips,
            "ended_at": None,
        },
    )
    log.error(
        "sms_breaker_tripped",
        scope=scope.name,
        sent=share.sent,
        used=share.used,
        normal=round(_normal(scope, now), 1),
        minutes=int(pause / dt.timedelta(minutes=1)),
        stops=scope.may_stop,
    )
    return pause
