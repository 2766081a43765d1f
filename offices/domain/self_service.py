"""Where people help themselves: finding a site, and the state of its machines.

Where somebody stands is a question and never an answer: it is rounded, and kept nowhere.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from offices.domain.changes import note_change
from offices.enums import DeviceKind, DeviceState, Matters, SiteLimit
from offices.models import Bureau, Device, Office, SelfServiceSite

EARTH_KM = 6371.0
# Two decimals of a degree: about a kilometre.
DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float

    @classmethod
    def rounded(cls, latitude: float, longitude: float) -> Self:
        return cls(round(latitude, DECIMALS), round(longitude, DECIMALS))


@dataclass(frozen=True, slots=True)
class SiteSearch:
    """What somebody looks for; "" and False: whatever there is. `limit`: who comes (SiteLimit)."""

    city: str = ""
    district: str = ""
    kind: str = ""
    machine: str = ""
    limit: str = ""
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Machines of one kind at one place: 智能签注设备 3台 · 可用2."""

    kind: DeviceKind
    total: int
    working: int


@dataclass(frozen=True, slots=True)
class Found:
    """`distance`: kilometres, None where the way isn't known."""

    site: SelfServiceSite
    distance: float | None = None

    @property
    def tallies(self) -> list[Tally]:
        return tallies(self.site.devices.all())


def find_sites(search: SiteSearch, near: Point | None = None) -> list[Found]:
    """The nearest first, those of an unknown place last; without `near`, by city and district.

    One query; `with_devices` reads the machines of those that are shown.
    """
    sites = SelfServiceSite.objects.filter(is_active=True)
    for name in ("city", "district", "kind"):
        if value := getattr(search, name):
            sites = sites.filter(**{name: value})
    if search.all_day:
        sites = sites.filter(open_all_day=True)
    if search.limit:
        sites = sites.exclude(excludes__contains=[search.limit])
    if search.machine:
        having = Device.objects.filter(kind=search.machine, site__isnull=False)
        sites = sites.filter(pk__in=having.values("site"))
    if near is None:
        return [Found(site) for site in sites]
    found = [Found(site, _distance(near, site)) for site in sites]
    return sorted(found, key=lambda each: (each.distance is None, each.distance or 0.0))


def with_devices(found: Sequence[Found]) -> Sequence[Found]:
    """The same, with the machines of their sites read. One query."""
    devices = Prefetch("devices", Device.objects.order_by("label"))
    prefetch_related_objects([each.site for each in found], devices)
    return found


def tallies(devices: Iterable[Device]) -> list[Tally]:
    """Each kind that there is, in the order of kinds."""
    states: dict[str, list[str]] = {}
    for device in devices:
        states.setdefault(device.kind, []).append(device.state)
    return [
        Tally(kind, len(states[kind]), states[kind].count(DeviceState.WORKING))
        for kind in DeviceKind
        if kind in states
    ]


def haversine_km(one: Point, other: Point) -> float:
    """The distance over the ground, in kilometres."""
    north = radians(other.latitude - one.latitude)
    east = radians(other.longitude - one.longitude)
    widths = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return 2 * EARTH_KM * asin(sqrt(sin(north / 2) ** 2 + widths * sin(east / 2) ** 2))


def _distance(near: Point, site: SelfServiceSite) -> float | None:
    if site.latitude is None or site.longitude is None:
        return None
    return haversine_km(near, Point(float(site.latitude), float(site.longitude)))


def limits_of(site: SelfServiceSite) -> list[str]:
    """Whom it doesn't serve, in words; what staff wrote and we don't know stands as it is."""
    known = {limit.value: str(limit.label) for limit in SiteLimit}
    return [known.get(each, each) for each in site.excludes]


def devices_at(office: Office) -> list[Device]:
    """What stands in the hall itself and at the sites that are part of it."""
    own = Device.objects.filter(office=office, site__isnull=True)
    of_sites = Device.objects.filter(site__office=office, site__is_active=True)
    return list((own | of_sites).select_related("site", "office").order_by("kind", "label"))


@transaction.atomic
def set_device_state(
    device: Device,
    state: DeviceState,
    *,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> bool:
    """False where it is in that state already. Kept in the log with the reason."""
    changed = Device.objects.filter(pk=device.pk).exclude(state=state).update(state=state)
    if not changed:
        return False
    before, device.state = {"state": device.state}, state
    subject = f"{device.site.code if device.site else ''} {device.label}".strip()
    note_change(
        Matters.DEVICE, place_of(device), subject, before, {"state": state}, reason, account, now
    )
    return True


def place_of(device: Device) -> Bureau | Office:
    """Whose log tells of it."""
    if device.office:
        return device.office
    site: SelfServiceSite = device.site  # type: ignore[assignment]
    return site.office or site.bureau
