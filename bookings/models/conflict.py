"""What staff did about bookings whose window doesn't take place as it was booked."""

from django.conf import settings
from django.db import models

from bookings.enums import Settlement
from bookings.models.booking import Booking
from bookings.models.slot import Slot


class ConflictNote(models.Model):
    """Who told, kept or moved a booking of such a window, when and why. Never edited."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="conflict_notes")
    # The window in conflict, where a booking that was moved stands no longer.
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Settlement)
    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["slot", "booking"], name="conflict_note_of_slot")]

    def __str__(self) -> str:
        return f"{self.booking_id}:{self.kind}"
