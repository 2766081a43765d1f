"""What was changed in the organisation, by whom and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from offices.enums import Matters
from offices.models.organisation import Bureau, Office


class OrganisationChange(models.Model):
    """One change of a policy, of the services of an office or of what a member of staff may do."""

    kind = models.CharField(max_length=20, choices=Matters)
    # Where it holds: at one office, or over a bureau and all below it.
    bureau = models.ForeignKey(
        Bureau, on_delete=models.CASCADE, null=True, blank=True, related_name="changes"
    )
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="changes"
    )
    # The name of the setting, the code of the service, the role.
    subject = models.CharField(max_length=60)
    # Whose role.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Empty: inherited, not handled, no role.
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=200)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=True) ^ Q(bureau__isnull=True),
                name="change_at_office_or_bureau",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.at:%Y-%m-%d %H:%M}"

    @property
    def place(self) -> Bureau | Office:
        return self.office or self.bureau  # type: ignore[return-value]
