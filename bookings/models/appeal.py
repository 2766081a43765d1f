"""Objections to a suspension, decided by a supervisor (PIPL 24: a human alternative)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applicants.fields import EncryptedTextField
from applicants.models import Suspension
from bookings.enums import AppealState
from offices.models import Office


class Appeal(models.Model):
    """What somebody says against their suspension, and what was decided."""

    suspension = models.ForeignKey(Suspension, on_delete=models.CASCADE, related_name="appeals")
    # The office of the last appointment that was missed: its supervisor decides.
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appeals")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appeals"
    )
    text = EncryptedTextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=AppealState, default=AppealState.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the appellant is told.
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["suspension", "account"],
                condition=Q(state="open"),
                name="appeal_open_once_each",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
