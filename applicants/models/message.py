"""The outbox: one notice to one person by one medium."""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from applicants.enums import Medium, MessageKind, MessageState
from applicants.fields import EncryptedTextField

SETTLED = (
    MessageState.SENT,
    MessageState.FAILED,
    MessageState.UNKNOWN,
    MessageState.WITHDRAWN,
)


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime) -> Self:
        return self.filter(state=MessageState.PENDING, due_at__lte=now)


Way = tuple[str, str]


def as_alternatives(ways: Sequence[Way]) -> str:
    """For `Message.alternatives`: each a medium and an address there."""
    return json.dumps(ways) if ways else ""


class Message(models.Model):
    """Written with the change that causes it, sent once (rule 8).

    `reference` is the booking number (or the id of a sign-in code) and `version` counts the
    times that the booking moved, so that a reminder of the old time can't be sent for the new.
    `context` holds what the text needs and no personal data.
    """

    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=MessageKind)
    version = models.PositiveSmallIntegerField(default=0)
    medium = models.CharField(max_length=10, choices=Medium)
    recipient = EncryptedTextField()
    # JSON [[medium, address], …]: where it goes next if it can't be delivered.
    alternatives = EncryptedTextField(blank=True, default="", db_default="")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    context = models.JSONField(default=dict)
    # What only the recipient may read, e.g. a sign-in code.
    secret = EncryptedTextField(blank=True, default="")
    due_at = models.DateTimeField()
    # Nothing is sent from this moment on, e.g. a reminder after the appointment.
    not_after = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    gateway_reference = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind", "version"], name="message_written_once"
            ),
            models.CheckConstraint(
                condition=Q(not_after__gt=F("due_at")), name="message_has_time_to_leave"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="message_due"),
            # Somebody waits for a code: it is found at once behind 100,000 reminders.
            models.Index(
                fields=["due_at"],
                condition=Q(state="pending", kind="sign_in_code"),
                name="message_code_due",
            ),
            models.Index(
                fields=["claimed_at"], condition=Q(state="sending"), name="message_in_flight"
            ),
            # What has left, or never will, and still says to whom. Nothing is in it when written.
            models.Index(
                Coalesce("sent_at", "not_after"),
                condition=Q(state__in=SETTLED) & ~Q(recipient=""),
                name="message_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}:{self.kind}:{self.version}"

    @property
    def told_at(self) -> dt.datetime:
        """When it was sent, or was to be."""
        return self.sent_at or self.due_at

    def address_to(self, ways: Sequence[Way]) -> Self:
        """The first way, and the others where that one fails. Raises IndexError without any."""
        self.medium, self.recipient = ways[0]
        self.alternatives = as_alternatives(ways[1:])
        return self
