"""What bureaus plan ahead: peak seasons, surge plans, and who is on duty."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from offices.enums import DutyRole, SeasonKind
from offices.models.catalogue import ServiceLine
from offices.models.naming import in_language
from offices.models.organisation import Bureau, Office


class Season(models.Model):
    """A time of the year in which more people come: a tag for dates, and a factor for forecasts.

    Of a bureau and all below it; of one line or (null) of all (XM-24, FS-08, FS-32).
    """

    bureau = models.ForeignKey(Bureau, on_delete=models.CASCADE, related_name="seasons")
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=SeasonKind)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    # Percent of what comes on other days: 167 is two thirds more.
    demand = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="season_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.first_day}–{self.last_day}"

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class SurgePlan(models.Model):
    """What a bureau does when many people come, ready to be applied to some days (JJ-07)."""

    bureau = models.ForeignKey(Bureau, on_delete=models.CASCADE, related_name="surge_plans")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    # Null: all lines.
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # On top of each window's places, after the counters were added.
    percent = models.PositiveSmallIntegerField(default=0)
    # Further counters of each line, besides those that are open.
    counters = models.PositiveSmallIntegerField(default=0)
    earlier_minutes = models.PositiveSmallIntegerField(default=0)
    later_minutes = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["bureau", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)


class SurgePeriodQuerySet(models.QuerySet["SurgePeriod"]):
    def in_force(self, first: dt.date, last: dt.date | None = None) -> Self:
        """Those of some day from the first to the last (None: to any) that nobody ended."""
        periods = self.filter(ended_at=None, last_day__gte=first)
        return periods if last is None else periods.filter(first_day__lte=last)


class SurgePeriod(models.Model):
    """A plan in force at an office from first to last day, unless it was ended before."""

    plan = models.ForeignKey(SurgePlan, on_delete=models.PROTECT, related_name="periods")
    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="surges")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=200)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    applied_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = SurgePeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="surge_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.first_day}–{self.last_day}"


class Duty(models.Model):
    """Somebody is on duty at an office on a day: the roster (HB-06, XM-34)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="duties")
    date = models.DateField()
    role = models.CharField(max_length=20, choices=DutyRole)
    name = models.CharField(max_length=60)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["date", "role", "pk"]
        verbose_name_plural = "duties"
        constraints = [
            models.UniqueConstraint(fields=["office", "date", "role", "name"], name="duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.role}"


class Notice(models.Model):
    """What a bureau has to say to everybody who is about to book (JJ-21). It hinders nobody."""

    bureau = models.ForeignKey(Bureau, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=500, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="notice_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"

    @property
    def label(self) -> str:
        return in_language(self.text, self.text_en)
