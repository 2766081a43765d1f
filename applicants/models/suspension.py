"""Online booking withheld after repeated no-shows. Walk-in and assisted service stay open."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def in_force(self, identity_hashes: list[bytes], now: dt.datetime) -> Self:
        return self.filter(
            identity_hash__in=identity_hashes,
            starts_at__lte=now,
            ends_at__gt=now,
            lifted_at__isnull=True,
        )


class Suspension(models.Model):
    identity_hash = models.BinaryField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    no_shows = models.PositiveSmallIntegerField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["identity_hash", "ends_at"], name="suspension_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="suspension_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
