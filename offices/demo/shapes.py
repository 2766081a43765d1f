"""The shapes in which the demo data are written down."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from offices.enums import Audience, Document, Feature, Matter, OfficeKind, ServiceMode
from offices.models.catalogue import Material


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Guide:
    """`fee` in yuan; None where it isn't fixed. `days` are working days; None where unknown.

    `days_elsewhere`: for people from another province; None: as for others.
    """

    fee: Decimal | None
    days: int | None
    materials: tuple[Material, ...]
    source: str
    valid_from: dt.date
    advice: str = ""
    advice_en: str = ""
    days_elsewhere: int | None = None


@dataclass(frozen=True)
class Offer:
    """A service with its guides. `external`: address and two names of who handles it instead."""

    code: str
    name: str
    name_en: str
    line: str
    document: Document
    matter: Matter
    audience: Audience
    guides: tuple[Guide, ...]
    modes: tuple[ServiceMode, ...] = (ServiceMode.BOOKED, ServiceMode.WALK_IN)
    external: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class City:
    """A bureau and what its offices share. `policy`: what differs from the defaults."""

    bureau: str
    bureau_name: str
    bureau_name_en: str
    name: str
    name_en: str
    policy: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Hours:
    """Local times "09:00-12:00". `capacity`: places of a slot; None: by the open counters."""

    times: str
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    lines: tuple[str, ...] = ("mainland", "foreigners", "collection")
    capacity: int | None = None
    valid_from: dt.date = dt.date(2026, 1, 1)
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Hall:
    code: str
    name: str
    name_en: str
    city: City
    district: str
    district_en: str
    hours: tuple[Hours, ...]
    # Counters of each line.
    counters: dict[str, int]
    services: tuple[str, ...]
    kind: OfficeKind = OfficeKind.HALL
    parent: str | None = None
    address: str = ""
    address_en: str = ""
    features: tuple[Feature, ...] = ()
