"""Where an account may be reached besides the contact that it signs in with."""

from django.conf import settings
from django.db import models

from applicants.enums import Medium
from applicants.fields import EncryptedTextField


class ContactPoint(models.Model):
    """A phone, a mailbox or a WeChat follower, in the order in which the holder wants them used.

    The next one is tried where one fails. Only verified ones are written to.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_points"
    )
    medium = models.CharField(max_length=10, choices=Medium)
    address = EncryptedTextField()
    address_hash = models.BinaryField(max_length=32)
    position = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "medium", "address_hash"], name="contact_point_once"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
