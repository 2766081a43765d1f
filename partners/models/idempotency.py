"""Answers already given, so that a retried write gets the first one (rule 4)."""

from django.db import models

from partners.models.partner import Partner


class IdempotencyKey(models.Model):
    """One write of one partner. `status` is null while the first request is in flight.

    The answer is stored in the transaction that does the work: a row without an answer after
    a minute means that nothing was done. Answers hold masked identity numbers only.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    # SHA-256 over method, path and body.
    fingerprint = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="idempotency_key_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"#{self.pk}"
