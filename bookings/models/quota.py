"""The places of a slot for one pool, and every change that was made to them."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bookings.enums import QuotaChangeKind
from bookings.models.slot import Slot
from offices.enums import Pool


class Quota(models.Model):
    """`taken` is written by bookings/domain/allocation.py alone."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="quotas", db_index=False)
    pool = models.CharField(max_length=10, choices=Pool)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, db_default=0)
    # Places that came back while the window was full. Until `back_at` they are for those who wait,
    # and shown to nobody else: so that a place can't be handed over by cancelling it (decision 14).
    coming_back = models.PositiveIntegerField(default=0, db_default=0)
    back_at = models.DateTimeField(null=True, blank=True)
    # Counts the changes of capacity: what If-Match and the staff's grid compare.
    version = models.PositiveIntegerField(default=1)
    # Set once staff have decided the number: publishing leaves it alone from then on.
    edited = models.BooleanField(default=False)
    # Staff give out no places of this pool until they say so, whatever becomes of its slot.
    frozen = models.BooleanField(default=False, db_default=False)
    # The slot is closed or this is frozen: repeated, so that taking places looks at one row only.
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["slot", "pool"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "pool"], name="quota_once"),
            # No place is promised twice (rule 1).
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")), name="quota_not_oversold"
            ),
            models.CheckConstraint(
                condition=Q(frozen=False) | Q(closed=True), name="quota_frozen_gives_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}:{self.pool} {self.taken}/{self.capacity}"

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    def shown_left(self, now: dt.datetime) -> int:
        """Without what is still coming back."""
        hidden = self.coming_back if self.back_at and self.back_at > now else 0
        return max(0, self.left - hidden)


class QuotaChange(models.Model):
    """Who changed a quota, when, from what, to what, and why. Never edited, never deleted."""

    quota = models.ForeignKey(
        Quota, on_delete=models.PROTECT, related_name="changes", db_index=False
    )
    kind = models.CharField(max_length=10, choices=QuotaChangeKind, default=QuotaChangeKind.SET)
    at = models.DateTimeField()
    # Null for what the system did by itself, e.g. releasing unclaimed places.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    from_capacity = models.PositiveIntegerField()
    to_capacity = models.PositiveIntegerField()
    # The quota's version after the change.
    version = models.PositiveIntegerField()
    # Whether the quota was `edited` before it: undoing brings that back as well.
    was_edited = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["quota", "-at"], name="quota_change_history"),
            models.Index(
                fields=["account"],
                condition=Q(account__isnull=False),
                name="quota_change_of_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quota_id} {self.from_capacity}→{self.to_capacity}"
