"""One-time codes, how many of them are used, and where they are stopped for a while."""

import datetime as dt

from django.db import models
from django.db.models import Q

# A breaker that nobody asked for so long after its pause guards nothing any more.
BREAKER_FORGOTTEN_AFTER = dt.timedelta(hours=1)


class SignInCode(models.Model):
    """A one-time code on its way to a phone or mailbox. Only its keyed hash is kept.

    Region, prefix and network are what the limits count by; they are forgotten with the code.
    """

    contact_hash = models.BinaryField(max_length=32, db_index=True)
    code_hash = models.BinaryField(max_length=32)
    # ISO 3166-1 alpha-2 of a phone number; "" for e-mail.
    region = models.CharField(max_length=2, blank=True, default="", db_default="")
    prefix_hash = models.BinaryField(max_length=32, null=True, blank=True)
    network_hash = models.BinaryField(max_length=32, null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["region", "created_at"], condition=~Q(region=""), name="code_by_region"
            ),
            models.Index(
                fields=["prefix_hash", "created_at"],
                condition=Q(prefix_hash__isnull=False),
                name="code_by_prefix",
            ),
            models.Index(
                fields=["network_hash", "created_at"],
                condition=Q(network_hash__isnull=False),
                name="code_by_network",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def reference(self) -> str:
        """What its message is found by."""
        return f"code:{self.pk}"


class CodeHour(models.Model):
    """How many text messages with codes went to a region in one hour: what is normal there."""

    region = models.CharField(max_length=2)
    hour = models.DateTimeField()
    sent = models.PositiveIntegerField()
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "hour"], name="code_hour_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.hour:%Y-%m-%d %H}"


class CodeBreaker(models.Model):
    """Stops codes to one region or prefix while hardly anybody uses them (SMS pumping).

    It stops everything until `stops_until`, lets a few through from then on, and ends when those
    are used. In the database, so that losing Redis can't open a way that was closed.
    """

    # "region:KR", or "prefix:" and the beginning of a keyed hash.
    scope = models.CharField(max_length=40, unique=True)
    tripped_at = models.DateTimeField()
    stops_until = models.DateTimeField()
    # In a row: each pause is twice as long as the one before.
    trips = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.scope

    def is_over(self, now: dt.datetime) -> bool:
        return self.ended_at is not None or now >= self.stops_until + BREAKER_FORGOTTEN_AFTER
