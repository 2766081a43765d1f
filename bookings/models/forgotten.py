"""How far retention has come, so that no night reads all bookings that ever were."""

from django.db import models


class Forgotten(models.Model):
    """Of windows before this day, nothing of the kind is left."""

    # "details" (names, numbers, contacts) or "identities" (whose visits belong together).
    kind = models.CharField(max_length=10, primary_key=True)
    before = models.DateField()

    def __str__(self) -> str:
        return f"{self.kind} < {self.before}"
