"""Arrivals and queue numbers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applicants.enums import Priority
from bookings.models import Booking
from offices.models import Counter, Office, ServiceLine, Session
from visits.enums import Arrival, Series, TicketState


class TicketSeries(models.Model):
    """The last number given out by an office on a day in one series."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    date = models.DateField()
    series = models.CharField(max_length=1, choices=Series)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "date", "series"], name="series_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.series}{self.last:03d}"


class Ticket(models.Model):
    """A queue number of the day; one for a whole party, and it may exist without a booking."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="tickets")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    series = models.CharField(max_length=1, choices=Series)
    number = models.PositiveIntegerField()
    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    # The session that it was given out for, while there is that session.
    session = models.ForeignKey(
        Session,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        db_index=False,
    )
    issued_at = models.DateTimeField()
    # Who gave it out; null at a machine.
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Not called before this moment: someone early waits for the booked window (XM-08).
    callable_from = models.DateTimeField()
    # Somebody of the party goes before others of the same time (JJ-19). No display shows it.
    priority = models.CharField(
        max_length=10, choices=Priority, default=Priority.NONE, db_default=Priority.NONE
    )
    # Forms and photo were done at a machine: the counter needs less time (WH-02).
    pre_accepted_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(
        max_length=10,
        choices=TicketState,
        default=TicketState.WAITING,
        db_default=TicketState.WAITING,
    )
    counter = models.ForeignKey(
        Counter,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["date", "callable_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "date", "series", "number"], name="ticket_once_a_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["session"], condition=Q(session__isnull=False), name="ticket_of_session"
            ),
            models.Index(
                fields=["operator"], condition=Q(operator__isnull=False), name="ticket_of_operator"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.series}{self.number:03d}"


class ConditionalAcceptance(models.Model):
    """Accepted although something was missing, to be brought until a day (容缺受理, JJ-18)."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, related_name="conditional_acceptance"
    )
    # What is missing, in the words of the counter; names nobody.
    missing = models.CharField(max_length=300)
    due_on = models.DateField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # When it was brought, and to whom.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


class CheckIn(models.Model):
    """The arrival of a party, verified against its booking."""

    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="check_in")
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="check_in")
    arrival = models.CharField(max_length=10, choices=Arrival)
    at = models.DateTimeField()
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.booking_id}"
