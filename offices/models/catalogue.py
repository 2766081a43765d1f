"""What is offered: lines, services and their guides."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from offices.enums import Audience, Document, MaterialFor, Matter, ServiceMode
from offices.models.naming import Named, in_language

if TYPE_CHECKING:
    from offices.models import Office


class ServiceLineQuerySet(models.QuerySet["ServiceLine"]):
    def handled_at(self, office: "Office") -> Self:
        """Those of which the office may handle a service, now, later or in the past."""
        return self.filter(services__in=office.permissions.values("service")).distinct()


class ServiceLine(Named):
    """Services handled at the same counters, which therefore share places."""

    sort_order = models.PositiveSmallIntegerField(default=0)

    objects = ServiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "code"]


def _usual_modes() -> list[str]:
    return [ServiceMode.BOOKED, ServiceMode.WALK_IN]


class Service(Named):
    """One kind of matter, e.g. a first passport or a visa extension."""

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="services")
    document = models.CharField(max_length=30, choices=Document)
    matter = models.CharField(max_length=20, choices=Matter)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.ANYONE)
    visit_needed = models.BooleanField(default=True)
    modes = ArrayField(
        models.CharField(max_length=20, choices=ServiceMode),
        default=_usual_modes,
        db_default=["booked", "walk_in"],
        blank=True,
    )
    # Where another authority handles it, and what that place is called (FS-25).
    external_url = models.URLField(blank=True, default="", db_default="")
    external_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    external_name_en = models.CharField(max_length=80, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    # The first day of its first guide, where the catalogue has looked.
    first_day: dt.date | None = None

    class Meta:
        ordering = ["sort_order", "code"]

    def is_live(self, day: dt.date) -> bool:
        """No citizen sees a service before its first guide holds (HB-32)."""
        return self.first_day is None or self.first_day <= day

    @property
    def external_label(self) -> str:
        return in_language(self.external_name, self.external_name_en)

    @property
    def mode_labels(self) -> list[str]:
        return [str(ServiceMode(mode).label) for mode in ServiceMode if mode in self.modes]


class Material(TypedDict, total=False):
    """One thing to bring. `note` says when it is needed or in what form; `only`, for whom alone."""

    name: str
    name_en: str
    note: str
    note_en: str
    only: MaterialFor


def materials_in_words(materials: Iterable[Material]) -> list[dict[str, str]]:
    """[{"name": …, "note": …}] in the language of this request."""
    return [
        {
            "name": in_language(item["name"], item.get("name_en", "")),
            "note": in_language(item.get("note", ""), item.get("note_en", "")),
        }
        for item in materials
    ]


class ServiceGuideQuerySet(models.QuerySet["ServiceGuide"]):
    def in_force(self, day: dt.date) -> Self:
        """The newest guide of each service that is valid on this day."""
        return (
            self.filter(valid_from__lte=day)
            .order_by("service_id", "-valid_from")
            .distinct("service_id")
        )


class ServiceGuide(models.Model):
    """Materials, fee and processing days of a service, valid from a date until the next one.

    A booking keeps the guide that it was made under (XM-15): guides are added, never changed.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="guides")
    valid_from = models.DateField()
    # Yuan. Null where the fee is not fixed (foreigners' visas go by reciprocity).
    fee = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # For people whose household is registered in another province (XM-06); null: as for others.
    working_days_elsewhere = models.PositiveSmallIntegerField(null=True, blank=True)
    materials = models.JSONField(default=list, blank=True)
    advice = models.TextField(blank=True)
    advice_en = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = ServiceGuideQuerySet.as_manager()

    class Meta:
        ordering = ["service", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["service", "valid_from"], name="guide_once_a_day"),
            models.CheckConstraint(
                condition=Q(fee__isnull=True) | Q(fee__gte=0), name="guide_fee_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}@{self.valid_from}"

    def days_for(self, *, elsewhere: bool) -> int | None:
        """Working days; `elsewhere`: the household is registered in another province."""
        longer = self.working_days_elsewhere if elsewhere else None
        return self.working_days if longer is None else longer

    @property
    def advice_label(self) -> str:
        return in_language(self.advice, self.advice_en)

    @property
    def material_labels(self) -> list[dict[str, str]]:
        return materials_in_words(self.materials)
