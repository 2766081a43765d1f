"""What people agreed to, in which version of the words, and when they took it back."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applicants.enums import ConsentKind
from applicants.models.applicant import Applicant


class Consent(models.Model):
    """One agreement of an account, for itself or for a member of its household.

    Never deleted before the account is: what was agreed to must be provable (PIPL 14, 29, 31).
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents"
    )
    # Null: what concerns the account itself.
    applicant = models.ForeignKey(
        Applicant, on_delete=models.CASCADE, null=True, blank=True, related_name="consents"
    )
    kind = models.CharField(max_length=20, choices=ConsentKind)
    # The day of the words that were shown, e.g. "2026-11-01".
    version = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "applicant", "kind", "version"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="consent_given_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}:{self.kind}"
