"""Writes the demo data. What is there already stays as it is, staff's changes included."""

import datetime as dt

from django.db import transaction

from offices.demo.catalogue import LINES, SERVICES
from offices.demo.cities import CITIES
from offices.demo.halls import HALLS
from offices.demo.shapes import City, Guide, Hall, Hours, Offer
from offices.demo.sites import load_sites
from offices.domain.calendar import SATURDAY, SUNDAY, YEARS, import_holidays
from offices.enums import CounterKind, SessionKind
from offices.models import (
    Bureau,
    Counter,
    Office,
    OfficeService,
    OpeningHours,
    Service,
    ServiceGuide,
    ServiceLine,
    Session,
    SurgePlan,
)

# Sessions are put this many days ahead at least, so that there is time to look at them.
NOTICE_DAYS = 3
# Handing out a document takes five minutes; half an hour of one counter gives six.
COLLECTIONS_PER_COUNTER = 6


@transaction.atomic
def load_demo(today: dt.date) -> int:
    """Add the demo catalogue and offices, with two sessions in the coming weeks.

    Returns the number of offices that were new; run again, it adds nothing.
    """
    for year in YEARS:
        import_holidays(year)
    load_catalogue()
    bureaus = {city.bureau: _bureau(city) for city in CITIES}
    _load_plan(bureaus["jinjiang"])
    new = [hall for hall in HALLS if _load_hall(hall, bureaus[hall.city.bureau])]
    _load_sessions({hall.code for hall in new}, today)
    load_sites()
    return len(new)


def load_catalogue() -> None:
    """Lines, services and their guides alone."""
    for order, line in enumerate(LINES):
        ServiceLine.objects.get_or_create(
            code=line.code,
            defaults={"name": line.name, "name_en": line.name_en, "sort_order": order},
        )
    for order, offer in enumerate(SERVICES):
        service = _service(offer, order)
        for guide in offer.guides:
            _load_guide(service, guide)


def _service(offer: Offer, order: int) -> Service:
    service, _ = Service.objects.get_or_create(
        code=offer.code,
        defaults={
            "name": offer.name,
            "name_en": offer.name_en,
            "line": ServiceLine.objects.get(code=offer.line),
            "document": offer.document,
            "matter": offer.matter,
            "audience": offer.audience,
            "sort_order": order,
            "modes": list(offer.modes),
            **_external(offer),
        },
    )
    return service


def _external(offer: Offer) -> dict[str, object]:
    if offer.external is None:
        return {}
    url, name, name_en = offer.external
    return {
        "visit_needed": False,
        "external_url": url,
        "external_name": name,
        "external_name_en": name_en,
    }


def _load_guide(service: Service, guide: Guide) -> None:
    ServiceGuide.objects.get_or_create(
        service=service,
        valid_from=guide.valid_from,
        defaults={
            "fee": guide.fee,
            "working_days": guide.days,
            "working_days_elsewhere": guide.days_elsewhere,
            "materials": list(guide.materials),
            "advice": guide.advice,
            "advice_en": guide.advice_en,
            "source": guide.source,
        },
    )


def _bureau(city: City) -> Bureau:
    bureau, _ = Bureau.objects.get_or_create(
        code=city.bureau,
        defaults={
            "name": city.bureau_name,
            "name_en": city.bureau_name_en,
            "policy": city.policy,
        },
    )
    return bureau


def _load_plan(bureau: Bureau) -> None:
    """What Jinjiang does in the weeks around Spring Festival (JJ-07)."""
    SurgePlan.objects.get_or_create(
        code="jinjiang-spring-festival",
        defaults={
            "bureau": bureau,
            "name": "春节高峰",
            "name_en": "Spring Festival peak",
            "counters": 2,
            "percent": 30,
            "later_minutes": 60,
        },
    )


def _load_hall(hall: Hall, bureau: Bureau) -> bool:
    """True where the hall is new. Halls are written in an order that has parents first."""
    office, is_new = Office.objects.get_or_create(
        code=hall.code,
        defaults={
            "bureau": bureau,
            "name": hall.name,
            "name_en": hall.name_en,
            "kind": hall.kind,
            "parent": Office.objects.get(code=hall.parent) if hall.parent else None,
            "city": hall.city.name,
            "city_en": hall.city.name_en,
            "district": hall.district,
            "district_en": hall.district_en,
            "address": hall.address,
            "address_en": hall.address_en,
            "features": list(hall.features),
            "demo": True,
            "sort_order": [h.code for h in HALLS].index(hall.code),
        },
    )
    if is_new:
        _furnish(office, hall)
    return is_new


def _furnish(office: Office, hall: Hall) -> None:
    lines = ServiceLine.objects.in_bulk(list(hall.counters), field_name="code")
    services = Service.objects.in_bulk(list(hall.services), field_name="code")
    OpeningHours.objects.bulk_create(
        row for hours in hall.hours for row in _weekly(office, hall, hours, lines)
    )
    Counter.objects.bulk_create(_counters(office, hall, lines))
    OfficeService.objects.bulk_create(
        OfficeService(office=office, service=service, valid_from=hall.hours[0].valid_from)
        for service in services.values()
    )


def _weekly(
    office: Office, hall: Hall, hours: Hours, lines: dict[str, ServiceLine]
) -> list[OpeningHours]:
    opens, closes = (dt.time.fromisoformat(time) for time in hours.times.split("-"))
    return [
        OpeningHours(
            office=office,
            line=lines[line],
            weekday=weekday,
            opens=opens,
            closes=closes,
            capacity=_capacity(hall, hours, line),
            valid_from=hours.valid_from,
            valid_until=hours.valid_until,
        )
        for line in hours.lines
        if line in lines
        for weekday in hours.weekdays
    ]


def _capacity(hall: Hall, hours: Hours, line: str) -> int | None:
    if line == "collection":
        return hall.counters[line] * COLLECTIONS_PER_COUNTER
    return hours.capacity


def _counters(office: Office, hall: Hall, lines: dict[str, ServiceLine]) -> list[Counter]:
    """Numbered through the hall: 01, 02 …"""
    of_lines = [line for line, count in hall.counters.items() for _ in range(count)]
    return [
        Counter(
            office=office,
            line=lines[line],
            label=f"{number:02}",
            kind=CounterKind.COLLECTION if line == "collection" else CounterKind.ACCEPTANCE,
        )
        for number, line in enumerate(of_lines, start=1)
    ]


def _load_sessions(new: set[str], today: dt.date) -> None:
    """A Saturday morning at a hall that is closed on Saturdays, and a Sunday for students."""
    line = ServiceLine.objects.get(code="mainland")
    if "jinjiang" in new:
        Session.objects.create(
            office=Office.objects.get(code="jinjiang"),
            line=line,
            kind=SessionKind.SATURDAY,
            date=_next(SATURDAY, today),
            opens=dt.time(9),
            closes=dt.time(12),
            capacity=10,
        )
    if "foshan-chancheng" in new:
        Session.objects.create(
            office=Office.objects.get(code="foshan-chancheng"),
            line=line,
            kind=SessionKind.STUDENT,
            name="学生办证专场",
            name_en="Student session",
            date=_next(SUNDAY, today),
            opens=dt.time(9),
            closes=dt.time(12),
            capacity=24,
            min_age=6,
            max_age=24,
        )


def _next(weekday: int, today: dt.date) -> dt.date:
    earliest = today + dt.timedelta(days=NOTICE_DAYS)
    return earliest + dt.timedelta(days=(weekday - earliest.weekday()) % 7)
