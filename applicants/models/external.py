"""Accounts of an identity platform that sign in here (一网通办)."""

from django.conf import settings
from django.db import models


class ExternalIdentity(models.Model):
    """One subject of one provider. Only a keyed hash of the subject is kept."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="external_identities"
    )
    provider = models.CharField(max_length=40)
    subject_hash = models.BinaryField(max_length=32)
    # How sure the provider is of the person, in its own words (authLevel).
    level = models.CharField(max_length=20, blank=True)
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject_hash"], name="external_identity_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}:{self.account_id}"
