"""Proposals that the figures make, and what staff made of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from bookings.enums import SuggestionKind, SuggestionOutcome
from offices.models import Office, ServiceLine


class Suggestion(models.Model):
    """More places or longer hours for one day of one line, with the figures that it rests on."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="suggestions", db_index=False
    )
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    date = models.DateField()
    kind = models.CharField(max_length=20, choices=SuggestionKind)
    # Percent of the day's places to add, or minutes for which to stay open longer.
    amount = models.PositiveSmallIntegerField()
    # What the formula was given, e.g. {"taken": 270, "capacity": 300}; no personal data.
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=SuggestionOutcome, default=SuggestionOutcome.OPEN
    )
    # What was decided instead of `amount`, where staff adjusted it.
    decided_amount = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "line", "date", "kind"],
                condition=Q(outcome="open"),
                name="suggestion_open_once",
            ),
        ]
        indexes = [models.Index(fields=["office", "date"], name="suggestion_of_office")]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.line_id} {self.date} {self.kind}"
