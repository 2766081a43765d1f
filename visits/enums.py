"""The words of the day at the hall."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Arrival(models.TextChoices):
    ON_TIME = "on_time", _("On time")
    EARLY = "early", _("Early")
    LATE = "late", _("Late")
    WALK_IN = "walk_in", _("Without a booking")


class TicketState(models.TextChoices):
    WAITING = "waiting", _("Waits to be called")
    CALLED = "called", _("At the counter")
    # Called, and nobody came; they may report again.
    SKIPPED = "skipped", _("Missed the call")
    DONE = "done", _("Finished")


class Series(models.TextChoices):
    """The letter of a queue number: A for bookings, X for walk-ins (FS-13), U for urgent ones."""

    BOOKED = "A", _("Booked")
    WALK_IN = "X", _("Walk-in")
    URGENT = "U", _("Urgent")
