"""When service is offered: weekly rules, dated additions and removals, the Chinese calendar."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.enums import CounterKind, HolidayKind, SessionKind
from offices.models.catalogue import ServiceLine
from offices.models.naming import in_language
from offices.models.organisation import Office

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class DatedQuerySet(models.QuerySet["OpeningHours"]):
    def in_force(self, day: dt.date) -> Self:
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
        )


class OpeningHours(models.Model):
    """A weekly rule of one line at one office. Local times; a lunch break is two rows."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="hours")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    # Windows come from the hours of counters that serve; the others are told to the public (HB-10).
    kind = models.CharField(
        max_length=20,
        choices=CounterKind,
        default=CounterKind.ACCEPTANCE,
        db_default=CounterKind.ACCEPTANCE,
    )
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    opens = models.TimeField()
    closes = models.TimeField()
    # Places of one slot. Null: open counters × what one counter serves in a slot.
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    # Percent of each pool, e.g. {"online": 70, "assisted": 10, "walk_in": 20}; null: the policy's.
    shares = models.JSONField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    # What this variant is called, e.g. summer hours.
    season = models.CharField(max_length=40, blank=True, default="", db_default="")
    season_en = models.CharField(max_length=60, blank=True, default="", db_default="")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["office", "line", "weekday", "opens"]
        verbose_name_plural = "opening hours"
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="hours_in_order"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_weekday"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="hours_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SessionSeries(models.Model):
    """Sessions that were added in one go, e.g. seven Saturdays (FS-20)."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="series")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["office", "pk"]
        verbose_name_plural = "session series"

    def __str__(self) -> str:
        return f"#{self.pk}"


class Session(models.Model):
    """A dated addition with a quota of its own: extended, weekend, holiday, student …

    Where it overlaps the weekly hours of its line, it takes their place. It stands on holidays
    and on closed days: whoever adds a session means that day.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="sessions")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=SessionKind)
    name = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    date = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    capacity = models.PositiveSmallIntegerField()
    shares = models.JSONField(null=True, blank=True)
    # Ages that may book, both included (FS-01).
    min_age = models.PositiveSmallIntegerField(null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(null=True, blank=True)
    # Students, and adults who come with one of them (FS-04).
    students_only = models.BooleanField(default=False, db_default=False)
    # The city whose residents may book, as they state it; empty: everybody.
    residents_of = models.CharField(max_length=40, blank=True, default="", db_default="")
    # 免预约: nothing is booked, numbers are given out on site (FS-18).
    booking_free = models.BooleanField(default=False, db_default=False)
    # Where, if not at the office itself (WH-12).
    site = models.CharField(max_length=200, blank=True, default="", db_default="")
    site_en = models.CharField(max_length=200, blank=True, default="", db_default="")
    series = models.ForeignKey(
        SessionSeries, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["office", "date", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="session_in_order"),
            models.UniqueConstraint(
                fields=["office", "line", "date", "opens"], name="session_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.date} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en) or str(self.get_kind_display())

    @property
    def is_for_everybody(self) -> bool:
        limits = self.students_only, self.residents_of, self.booking_free
        return not any(limits) and self.min_age is None and self.max_age is None

    @property
    def site_label(self) -> str:
        return in_language(self.site, self.site_en)


class Closure(models.Model):
    """A dated removal from the weekly hours. Times are null when the whole day is closed."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="closures")
    line = models.ForeignKey(
        ServiceLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["office", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="closure_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(from_time__isnull=True, until_time__isnull=True)
                | Q(until_time__gt=F("from_time")),
                name="closure_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"

    @property
    def reason_label(self) -> str:
        return in_language(self.reason, self.reason_en)


class Holiday(models.Model):
    """A public holiday or a make-up workday (domain.md D). Provisional until the notice is out."""

    date = models.DateField(unique=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=HolidayKind)
    provisional = models.BooleanField(default=False)
    # A make-up workday follows the hours of this weekday (0 = Monday).
    follows_weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS, default=0)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.label}"

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)
