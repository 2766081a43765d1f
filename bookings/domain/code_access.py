"""A booking for whoever knows its number and its code, without an account."""

import datetime as dt

from django.conf import settings

from applicants.domain.limits import count_use
from applicants.domain.manage_code import is_code_of
from bookings.enums import Status
from bookings.models import Booking
from bookings.models.booking import BookingQuerySet

HOUR = 3600
# Long enough to fetch the documents; later a slip of paper that was thrown away opens nothing.
OPEN_AFTERWARDS = dt.timedelta(days=30)


class CodeRefused(Exception):
    """No booking has this number and this code. Which of both is wrong is nobody's business."""


class TooManyTries(Exception):
    """Of this number or from this address, or the cache that counts them is away."""


def open_by_code(number: str, code: str, source: str, now: dt.datetime) -> Booking:
    """The booking with this number and code; `source` is the network address that asks.

    Every try counts, whether there is such a number or not. Raises CodeRefused, TooManyTries.
    """
    _count("manage.number", number, settings.MANAGE_TRIES_PER_NUMBER_AND_HOUR, now)
    _count("manage.address", source, settings.MANAGE_TRIES_PER_ADDRESS_AND_HOUR, now)
    booking = within_reach(now).filter(number=number).first()
    if not is_code_of(number, code) or booking is None:
        raise CodeRefused
    return booking


def within_reach(now: dt.datetime) -> BookingQuerySet:
    """Made, not long over, and for real people: codes open nothing else."""
    made = Booking.objects.exclude(status__in=(Status.HELD, Status.EXPIRED))
    return made.filter(slot__ends_at__gt=now - OPEN_AFTERWARDS, slot__office__is_training=False)


def _count(name: str, user: str, limit: int, now: dt.datetime) -> None:
    """Unlike other limits this one holds without the cache: nobody may guess unseen."""
    if not 1 <= count_use(name, user, HOUR, now) <= limit:
        raise TooManyTries
