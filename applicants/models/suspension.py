"""Online booking withheld after repeated no-shows. Walk-in and assisted service stay open."""

from django.db import models
from django.db.models import F, Q


class Suspension(models.Model):
    identity_hash = models.BinaryField(max_length=32)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    no_shows = models.PositiveSmallIntegerField()
    # Numbers of the bookings that were missed, newest first.
    missed = models.JSONField(default=list, db_default=[])
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["identity_hash", "ends_at"], name="suspension_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="suspension_in_order"
            ),
            models.UniqueConstraint(
                fields=["identity_hash", "starts_at"], name="suspension_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
