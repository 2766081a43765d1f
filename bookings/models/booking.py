"""One promise for a party at one slot, its people and what they want."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q

from applicants.enums import IdType, Priority
from applicants.fields import EncryptedTextField
from applicants.identity import mask_number
from bookings.enums import (
    COURIERED,
    PENDING,
    PLACED,
    Channel,
    Delivery,
    EventKind,
    Purpose,
    Status,
)
from bookings.models.quota import Quota
from bookings.models.slot import Slot
from offices.models import Service, ServiceGuide, ServiceLine


class BookingQuerySet(models.QuerySet["Booking"]):
    def held_past(self, now: dt.datetime) -> Self:
        return self.filter(status=Status.HELD, expires_at__lte=now)

    def missed(self, now: dt.datetime) -> Self:
        """Confirmed, nobody checked in, and the window is over."""
        return self.filter(status=Status.CONFIRMED, slot__ends_at__lte=now)

    def upcoming(self, now: dt.datetime) -> Self:
        return self.filter(status__in=PENDING, slot__ends_at__gt=now).exclude(
            status=Status.HELD, expires_at__lte=now
        )

    def with_details(self) -> Self:
        """With its people and what they want, in three statements."""
        wanted = Application.objects.select_related("service", "guide")
        return (
            self.select_related("slot__office", "slot__line", "slot__session")
            .with_party()
            .prefetch_related(Prefetch("attendees__applications", wanted))
        )

    def with_party(self) -> Self:
        """With the people who still come, in one more statement."""
        return self.prefetch_related(Prefetch("attendees", Attendee.objects.coming()))


class Booking(models.Model):
    number = models.CharField(max_length=12, unique=True)
    status = models.CharField(max_length=10, choices=Status)
    # Every index is paid for with each booking. Relations have none of their own where one below
    # begins with them, or where nobody asks that way.
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    # The pool that the places were taken from.
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="bookings")
    places = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        db_index=False,
    )
    # The member of staff who booked for somebody (帮办).
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        db_index=False,
    )
    contact_phone = EncryptedTextField(blank=True, default="")
    contact_phone_hash = models.BinaryField(max_length=32, null=True, blank=True)
    contact_email = EncryptedTextField(blank=True, default="")
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    delivery = models.CharField(max_length=15, choices=Delivery, default=Delivery.PICKUP)
    delivery_address = EncryptedTextField(blank=True, default="")
    # Why the party travels (JJ-05); unknown where nobody was asked.
    purpose = models.CharField(
        max_length=10, choices=Purpose, blank=True, default="", db_default=""
    )
    # The organisation in whose name it was made.
    group = models.ForeignKey(
        "applicants.Group",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        db_index=False,
    )
    # Counts the times that the booking moved, or lost a person.
    version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="booking_has_places"),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(expires_at__isnull=False), name="hold_expires"
            ),
        ]
        indexes = [
            models.Index(fields=["slot", "status"], name="booking_of_slot"),
            # By slot first: whoever looks at a full slot must not read the holds of all others.
            models.Index(
                fields=["slot", "expires_at"], condition=Q(status="held"), name="booking_held"
            ),
            models.Index(
                fields=["account"], condition=Q(account__isnull=False), name="booking_of_citizen"
            ),
            models.Index(
                fields=["operator"], condition=Q(operator__isnull=False), name="booking_of_clerk"
            ),
            models.Index(fields=["contact_phone_hash"], name="booking_of_phone"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_placed(self) -> bool:
        return self.status in PLACED

    @property
    def by_courier(self) -> bool:
        return self.delivery in COURIERED


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def coming(self) -> Self:
        """Without those who left the party while the others stayed."""
        return self.filter(left_at=None)


class Attendee(models.Model):
    """A person of the party, as they were when booking.

    `active` follows the booking's status: it is what the unique index below looks at.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="attendees")
    position = models.PositiveSmallIntegerField()
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = EncryptedTextField()
    id_type = models.CharField(max_length=20, choices=IdType)
    id_number = EncryptedTextField()
    identity_hash = models.BinaryField(max_length=32)
    birth_date_text = EncryptedTextField(blank=True, default="")
    nationality = models.CharField(max_length=2, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NONE)
    # A guardian who takes no place comes along (under 16).
    accompanied = models.BooleanField(default=False)
    # As stated when booking: what a session asks for must hold for another one, too.
    is_student = models.BooleanField(default=False, db_default=False)
    home_city = models.CharField(max_length=40, blank=True, default="", db_default="")
    places = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)
    # When this person alone left the party; the others still come.
    left_at = models.DateTimeField(null=True, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        ordering = ["booking", "position"]
        constraints = [
            # One person, one active booking per line, across offices and channels (rule 3).
            models.UniqueConstraint(
                fields=["identity_hash", "line"],
                condition=Q(active=True),
                name="attendee_once_per_line",
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="attendee_has_place"),
        ]
        indexes = [models.Index(fields=["identity_hash"], name="attendee_of_person")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def masked_number(self) -> str:
        return mask_number(self.id_number)


class Application(models.Model):
    """One service wanted by one attendee; one form may carry several (三表合一)."""

    attendee = models.ForeignKey(
        Attendee, on_delete=models.CASCADE, related_name="applications", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The guide that was shown when booking (XM-15).
    guide = models.ForeignKey(
        ServiceGuide, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attendee", "service"], name="application_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class BookingEvent(models.Model):
    """What happened to a booking: the history that its owner and the staff may read."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind)
    at = models.DateTimeField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    # No personal data, e.g. {"from_slot": 17, "to_slot": 18}.
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["account"], condition=Q(account__isnull=False), name="event_of_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}:{self.kind}"
