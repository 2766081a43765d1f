"""Answers already given, so that a retried write gets the first one (rule 4)."""

from django.db import models

from partners.models.partner import Partner


class IdempotencyKey(models.Model):
    """The answer to one write of one partner, stored in the transaction that did the work.

    Answers hold no personal data but masked names and identity numbers.
    """

    # The constraint below begins with it.
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    # Keyed hash over method, path and body.
    fingerprint = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField()
    # {"body": …, "headers": {…}}
    answer = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="idempotency_key_once"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"#{self.pk}"
