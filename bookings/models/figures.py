"""Figures of days that are over, counted once, so that no report reads their bookings again."""

from django.db import models

from bookings.enums import Channel
from offices.models import Office


class ChannelDay(models.Model):
    """What was booked at an office for one day by one channel; no row where there was nothing.

    It stays when the bookings are deleted, and says nothing about a person.
    """

    # The constraint below begins with it.
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+", db_index=False)
    date = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    # As bookings/domain/reports.py defines them.
    bookings = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    items = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    cancelled = models.PositiveIntegerField()

    class Meta:
        ordering = ["date", "office", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["office", "date", "channel"], name="channel_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.date} {self.channel}"


class CountedDay(models.Model):
    """A day that is counted, at all offices."""

    date = models.DateField(primary_key=True)
    # Every event of a booking up to this one is in the figures of all counted days.
    seen_event = models.BigIntegerField()

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date}"
