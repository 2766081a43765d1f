"""What needs no booking but somebody's decision: urgent matters and visits at home."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from applicants.enums import IdType
from applicants.fields import EncryptedTextField
from applicants.identity import mask_number
from bookings.enums import RequestEventKind, RequestState
from offices.enums import UrgentReason
from offices.models import Office


class Request(models.Model):
    """Who asks, for what, and who decided. The person is kept as they were when asking."""

    number = models.CharField(max_length=12, unique=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(max_length=15, choices=RequestState, default=RequestState.SUBMITTED)
    name = EncryptedTextField()
    id_type = models.CharField(max_length=20, choices=IdType)
    id_number = EncryptedTextField()
    identity_hash = models.BinaryField(max_length=32)
    # Codes of the services wanted.
    services = ArrayField(models.CharField(max_length=40), default=list)
    contact_phone = EncryptedTextField(blank=True, default="")
    contact_email = EncryptedTextField(blank=True, default="")
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # What the applicant is told: why, or what is missing.
    answer = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def masked_number(self) -> str:
        return mask_number(self.id_number)


class UrgentRequest(Request):
    """Asks to be served without a booking and sooner (急事急办, JJ-12, XM-04, WH-11)."""

    reason = models.CharField(max_length=20, choices=UrgentReason)
    # The day by which the document is needed.
    deadline = models.DateField()
    # By when the office has to hand it on or finish it (HB-26: two working days).
    due_on = models.DateField(null=True, blank=True)
    # The flag 加急 that its papers carry from the approval on (JJ-12).
    expedited = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["deadline", "made_at"]
        indexes = [
            models.Index(
                fields=["office", "deadline"],
                condition=Q(state__in=["submitted", "more_needed", "approved"]),
                name="urgent_request_open",
            ),
            models.Index(fields=["account"], name="urgent_request_of_account"),
        ]


class Evidence(models.Model):
    """A file that shows the urgency: kept encrypted, seen by whoever decides, then deleted."""

    request = models.ForeignKey(UrgentRequest, on_delete=models.CASCADE, related_name="evidence")
    # Name of the encrypted file in the private store; empty once it is deleted.
    stored_as = models.CharField(max_length=64, blank=True)
    name = EncryptedTextField()
    content_type = models.CharField(max_length=40)
    # Bytes.
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HomeVisit(Request):
    """Asks the office to come: for those who can't leave their bed (上门办, WH-13)."""

    address = EncryptedTextField()
    # Why they can't come, in their words.
    circumstances = EncryptedTextField()
    # Days on which it would suit them.
    first_day = models.DateField()
    last_day = models.DateField()
    visit_on = models.DateField(null=True, blank=True)
    visit_from = models.TimeField(null=True, blank=True)
    staff = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="home_visits", blank=True)
    # What they take along, e.g. ["fingerprint_reader", "camera"].
    equipment = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering = ["made_at"]
        indexes = [
            models.Index(
                fields=["office", "made_at"],
                condition=Q(state__in=["submitted", "approved", "assigned"]),
                name="home_visit_open",
            ),
            models.Index(fields=["account"], name="home_visit_of_account"),
        ]


class RequestEvent(models.Model):
    """What happened to a request, when and by whom. Never changed."""

    urgent = models.ForeignKey(
        UrgentRequest, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    visit = models.ForeignKey(
        HomeVisit, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    kind = models.CharField(max_length=15, choices=RequestEventKind)
    # What the applicant was told with it.
    answer = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(urgent__isnull=True) ^ Q(visit__isnull=True),
                name="request_event_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
