"""Who offers service, and where."""

import datetime as dt
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from offices.enums import BureauLevel, CounterKind, OfficeKind, Role
from offices.models.naming import Located, Named, in_language

# How long before its first day a pop-up site is announced.
POP_UP_NOTICE = dt.timedelta(days=7)


class Bureau(Named):
    """An exit-entry administration. A tree; children inherit the booking policy."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    level = models.CharField(max_length=20, choices=BureauLevel, default=BureauLevel.CITY)
    # What differs from the parent's policy: names of BookingPolicy fields to values.
    policy = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["code"]


class OfficeQuerySet(models.QuerySet["Office"]):
    def bookable(self) -> Self:
        """Those that citizens see. Staff see training offices as well."""
        return self.filter(is_active=True, is_training=False)

    def standing(self, day: dt.date) -> Self:
        """Without the pop-up sites that have no session from this day to a week later (WH-12)."""
        days = (day, day + POP_UP_NOTICE)
        popped_up = Office.objects.filter(kind=OfficeKind.POP_UP, sessions__date__range=days)
        return self.filter(~Q(kind=OfficeKind.POP_UP) | Q(pk__in=popped_up.values("pk")))

    def offering(self, service_codes: list[str], day: dt.date) -> Self:
        """Offices that offer every one of the services on this day (HB-21, XM-42)."""
        offices = self
        for code in service_codes:
            offices = offices.filter(
                pk__in=OfficeService.objects.in_force(day)
                .filter(service__code=code)
                .values("office_id")
            )
        return offices


class Office(Located, Named):
    """A hall with an address, a timezone, hours and counters."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="offices")
    kind = models.CharField(max_length=20, choices=OfficeKind, default=OfficeKind.HALL)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="extension_points",
        help_text="The hall that this extension point belongs to.",
    )
    # False where the address comes from a third party and awaits the office's word.
    address_confirmed = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    timezone = models.CharField(max_length=40, default="Asia/Shanghai")
    features = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    # What differs from the bureau's policy.
    policy = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    # For trying out new services and hours; no citizen sees it (HB-32).
    is_training = models.BooleanField(default=False, db_default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["city", "sort_order", "code"]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def note_label(self) -> str:
        return in_language(self.note, self.note_en)

    def local_date(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()


class OfficeServiceQuerySet(models.QuerySet["OfficeService"]):
    def in_force(self, day: dt.date) -> Self:
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
        )


class OfficeService(models.Model):
    """A service that this office may handle, from a date (the service × hall matrix, HB-21)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="permissions")
    service = models.ForeignKey("offices.Service", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects = OfficeServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "service", "valid_from"], name="office_service_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="office_service_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id}:{self.service_id}"


class CounterQuerySet(models.QuerySet["Counter"]):
    def in_order(self) -> Self:
        """By line, then as people count: 2 before 10."""
        return self.order_by("line__sort_order", "line", Length("label"), "label")


class Counter(models.Model):
    """A service window of one line. Open counters make the capacity of a slot (JJ-01)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="counters")
    line = models.ForeignKey("offices.ServiceLine", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=CounterKind, default=CounterKind.ACCEPTANCE)
    is_open = models.BooleanField(default=True)

    objects = CounterQuerySet.as_manager()

    class Meta:
        ordering = ["office", "label"]
        constraints = [
            models.UniqueConstraint(fields=["office", "label"], name="counter_label_once"),
        ]

    def __str__(self) -> str:
        return self.label


class CounterShiftQuerySet(models.QuerySet["CounterShift"]):
    def standing(self, first: dt.date, last: dt.date | None = None) -> Self:
        """Those that hold on some of these days, in the order in which they were entered."""
        shifts = self.filter(Q(last_day__isnull=True) | Q(last_day__gte=first), withdrawn_at=None)
        return (shifts.filter(first_day__lte=last) if last else shifts).order_by("pk")


class CounterShift(models.Model):
    """A counter opens or stays shut for some days or hours, other than `Counter.is_open` says.

    Of several that concern the same time, the one that was entered last holds. Never deleted:
    one that was withdrawn holds no more and is kept.
    """

    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, related_name="shifts")
    is_open = models.BooleanField()
    first_day = models.DateField()
    # Null: until further notice.
    last_day = models.DateField(null=True, blank=True)
    # Local times of each of these days; null: from the beginning, to the end.
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = CounterShiftQuerySet.as_manager()

    class Meta:
        ordering = ["counter", "first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="counter_shift_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True)
                | Q(until_time__isnull=True)
                | Q(until_time__gt=F("from_time")),
                name="counter_shift_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.first_day}–{self.last_day or ''}"


class Membership(models.Model):
    """What a staff member may do, at one office or over a bureau and all below it."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role)
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    bureau = models.ForeignKey(
        Bureau, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=True) ^ Q(bureau__isnull=True),
                name="membership_office_or_bureau",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "office", "bureau"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}:{self.role}"
