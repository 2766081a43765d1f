"""Where people help themselves: sites with smart machines, and what stands there (FS-14)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from offices.enums import DeviceKind, DeviceState, SiteKind
from offices.models.naming import Located, Named, in_language
from offices.models.organisation import Bureau, Office


class SelfServiceSite(Located, Named):
    """A place with machines that needs no booking: a smart hall, a police station, a mall."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="sites")
    # Where it is part of a hall.
    office = models.ForeignKey(
        Office, on_delete=models.SET_NULL, null=True, blank=True, related_name="sites"
    )
    kind = models.CharField(max_length=20, choices=SiteKind, default=SiteKind.POINT)
    # WGS 84 degrees.
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    open_all_day = models.BooleanField(default=False)
    # In words, e.g. 周一至周日 8:30–20:00.
    hours = models.CharField(max_length=120, blank=True)
    hours_en = models.CharField(max_length=120, blank=True)
    # Endorsements that its machines don't make, or whom they don't serve (configurable, B4).
    excludes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["city", "district", "code"]
        indexes = [models.Index(fields=["city", "district"], name="site_of_city")]

    @property
    def hours_label(self) -> str:
        return in_language(self.hours, self.hours_en)


class Device(models.Model):
    """One machine, at a site or in a hall (JJ-02, HB-31)."""

    site = models.ForeignKey(
        SelfServiceSite, on_delete=models.CASCADE, null=True, blank=True, related_name="devices"
    )
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="devices"
    )
    kind = models.CharField(max_length=20, choices=DeviceKind)
    label = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=DeviceState, default=DeviceState.WORKING)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(site__isnull=False) | Q(office__isnull=False),
                name="device_stands_somewhere",
            ),
            models.UniqueConstraint(
                fields=["site", "office", "label"], nulls_distinct=False, name="device_label_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label
