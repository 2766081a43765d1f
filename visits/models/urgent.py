"""Those who came because it can't wait."""

from django.db import models

from bookings.models import UrgentRequest
from offices.enums import UrgentReason
from visits.models.ticket import Ticket


class UrgentArrival(models.Model):
    """An urgent number and why it was given: an approved request, or a reason stated on the spot.

    It belongs to no slot and takes no place of a quota (JJ-11).
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="urgent")
    request = models.ForeignKey(
        UrgentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    reason = models.CharField(max_length=20, choices=UrgentReason)
    # What the guide saw, without personal data.
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"
