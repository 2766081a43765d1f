"""A published time window of one line at one office."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from offices.models import Office, ServiceLine, Session


class SlotQuerySet(models.QuerySet["Slot"]):
    def of_line(self, office: Office, line: ServiceLine) -> Self:
        return self.filter(office=office, line=line)

    def bookable(self, now: dt.datetime) -> Self:
        """Released, not closed and not begun."""
        return self.filter(closed_at__isnull=True, opens_at__lte=now, starts_at__gt=now)


class Slot(models.Model):
    # Relations without an index of their own: one below begins with them, or nothing asks that way.
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="slots", db_index=False
    )
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Null for the weekly hours, and once the session was deleted.
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="slots",
        db_index=False,
    )
    # The day as the office's clock has it.
    date = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # When online booking opens (放号).
    opens_at = models.DateTimeField()
    # Set by staff; publishing never reopens a slot that they closed.
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=200, blank=True)
    # Closed by publishing: the hours no longer hold it, but it has a history. It opens again when
    # they do.
    withdrawn = models.BooleanField(default=False)
    # When its unclaimed assisted places went online. Once: what staff add to them later stays.
    reserve_released_at = models.DateTimeField(null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["office", "line", "starts_at"], name="slot_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_in_order"),
        ]
        indexes = [
            models.Index(fields=["office", "date", "line"], name="slot_of_office_day"),
            models.Index(
                fields=["session"], condition=Q(session__isnull=False), name="slot_of_session"
            ),
            models.Index(fields=["ends_at"], name="slot_ending"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.line_id} {self.starts_at:%Y-%m-%d %H:%M}Z"

    @property
    def local_start(self) -> dt.datetime:
        return self.starts_at.astimezone(self.office.zone)

    @property
    def local_end(self) -> dt.datetime:
        return self.ends_at.astimezone(self.office.zone)
