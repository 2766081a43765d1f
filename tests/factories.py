"""Small worlds for tests: an office with a line, services, slots and people."""

import datetime as dt
import itertools
from typing import Any

from stdnum.iso7064 import mod_11_2

from applicants.identity import Identity, parse_identity
from bookings.domain.parties import Contact, Party, Person
from bookings.models import Quota, Slot
from offices.enums import Audience, Document, Matter, Pool
from offices.models import (
    Bureau,
    Office,
    OfficeService,
    Service,
    ServiceGuide,
    ServiceLine,
    Session,
)

LONG_AGO = dt.date(2020, 1, 1)
# A Monday, 09:00 in Xiamen.
NOW = dt.datetime(2026, 8, 3, 1, 0, tzinfo=dt.UTC)
_sequence = itertools.count(1)

SERVICES = {
    "passport-first": (Document.PASSPORT, Matter.FIRST_ISSUE, Audience.MAINLAND, 120),
    "hkm-permit-first": (Document.HKM_PERMIT, Matter.FIRST_ISSUE, Audience.MAINLAND, 60),
    "tw-permit-first": (Document.TW_PERMIT, Matter.FIRST_ISSUE, Audience.MAINLAND, 60),
    "visa-extension": (Document.VISA, Matter.EXTENSION, Audience.FOREIGN, None),
}
FOREIGN_SERVICES = {"visa-extension"}


def make_line(code: str = "mainland") -> ServiceLine:
    names = {"mainland": ("境内居民", "Mainland residents"), "foreigners": ("外国人", "Foreigners")}
    name, name_en = names.get(code, (code, code))
    line, _ = ServiceLine.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": name_en}
    )
    return line


def make_service(code: str = "passport-first") -> Service:
    document, matter, audience, fee = SERVICES[code]
    line = make_line("foreigners" if code in FOREIGN_SERVICES else "mainland")
    service, created = Service.objects.get_or_create(
        code=code,
        defaults={
            "name": f"{document.label}",
            "name_en": code,
            "line": line,
            "document": document,
            "matter": matter,
            "audience": audience,
        },
    )
    if created:
        materials = [{"name": "居民身份证", "name_en": "Resident ID card"}]
        ServiceGuide.objects.create(
            service=service, valid_from=LONG_AGO, fee=fee, working_days=7, materials=materials
        )
    return service


def make_bureau(code: str = "xiamen", **fields: Any) -> Bureau:
    fields = {"name": "厦门市公安局出入境管理局", "name_en": "Xiamen bureau"} | fields
    bureau, _ = Bureau.objects.get_or_create(code=code, defaults=fields)
    return bureau


def make_office(code: str = "xiamen-zhenhai", **fields: Any) -> Office:
    """An office in Xiamen that offers every service of `SERVICES`."""
    fields = {
        "bureau": fields.get("bureau") or make_bureau(),
        "name": "厦门出入境办证大厅",
        "name_en": "Xiamen Exit-Entry Hall",
        "city": "厦门",
        "city_en": "Xiamen",
    } | fields
    office, created = Office.objects.get_or_create(code=code, defaults=fields)
    if created:
        for service_code in SERVICES:
            OfficeService.objects.create(
                office=office, service=make_service(service_code), valid_from=LONG_AGO
            )
    return office


def make_slot(
    online: int = 10,
    *,
    assisted: int = 0,
    walk_in: int = 0,
    office: Office | None = None,
    line: str = "mainland",
    starts_at: dt.datetime | None = None,
    opens_at: dt.datetime | None = None,
    session: Session | None = None,
    minutes: int = 30,
) -> Slot:
    """A published window; by default the day after `NOW` at 10:00 in Xiamen, and open."""
    office = office or make_office()
    starts_at = starts_at or NOW + dt.timedelta(days=1, hours=1)
    slot = Slot.objects.create(
        office=office,
        line=make_line(line),
        session=session,
        date=starts_at.astimezone(office.zone).date(),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=minutes),
        opens_at=opens_at or starts_at - dt.timedelta(days=14),
    )
    capacities = {Pool.ONLINE: online, Pool.ASSISTED: assisted, Pool.WALK_IN: walk_in}
    Quota.objects.bulk_create(
        Quota(slot=slot, pool=pool, capacity=capacity) for pool, capacity in capacities.items()
    )
    return slot


def quota_of(slot: Slot, pool: str = Pool.ONLINE) -> Quota:
    return Quota.objects.get(slot=slot, pool=pool)


def resident_number(serial: int, born: dt.date = dt.date(1990, 1, 1)) -> str:
    """A valid number of a province-level area code that was never given to a county."""
    body = f"350000{born:%Y%m%d}{serial % 1000:03d}"
    return body + mod_11_2.calc_check_digit(body)


def make_identity(born: dt.date = dt.date(1990, 1, 1)) -> Identity:
    """Another person each time: the day of birth moves on after 999 people."""
    serial = next(_sequence)
    return parse_identity(
        "resident_id", resident_number(serial, born + dt.timedelta(days=serial // 1000))
    )


def make_person(
    *services: str,
    name: str = "",
    born: dt.date = dt.date(1990, 1, 1),
    identity: Identity | None = None,
    **fields: Any,
) -> Person:
    identity = identity or make_identity(born)
    return Person(
        name=name or f"演示{identity.number[-4:]}",
        identity=identity,
        services=services or ("passport-first",),
        **fields,
    )


def make_party(
    slot: Slot,
    size: int = 1,
    *,
    people: tuple[Person, ...] | None = None,
    channel: str = "web",
    phone: str = "+8613800138000",
    **fields: Any,
) -> Party:
    return Party(
        slot_id=slot.pk,
        channel=channel,
        people=people if people is not None else tuple(make_person() for _ in range(size)),
        contact=Contact(phone=phone),
        **fields,
    )
