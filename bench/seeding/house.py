"""What the bookings hang on: a bureau for every twenty offices, two lines, services, a partner.

Offices open on weekdays from 9 to 12 and from 14 to 17 for two lines: 24 windows a day.
"""

import datetime as dt

from applicants.models import Account
from offices.demo.catalogue import LINES, SERVICES
from offices.demo.shapes import Guide
from offices.models import (
    Bureau,
    Office,
    OfficeService,
    OpeningHours,
    Service,
    ServiceGuide,
    ServiceLine,
)
from partners.models import Partner

OFFICES_A_BUREAU = 20
HOURS = ((9, 12), (14, 17))
# Places of a window, which its pools share 80 : 10 : 10.
CAPACITIES = {"mainland": 30, "foreigners": 10}
SINCE = dt.date(2018, 1, 1)
CLERK = "bench-desk"


def build(offices: int) -> None:
    """Write the house. No signal is sent, so nothing is published by it."""
    lines = _lines()
    services = _services(lines)
    built = _offices(offices)
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=line,
            weekday=weekday,
            opens=dt.time(opens),
            closes=dt.time(closes),
            capacity=CAPACITIES[code],
            valid_from=SINCE,
        )
        for office in built
        for code, line in lines.items()
        for weekday in range(5)
        for opens, closes in HOURS
    )
    OfficeService.objects.bulk_create(
        OfficeService(office=office, service=service, valid_from=SINCE)
        for office in built
        for service in services
    )
    Partner.objects.create(name="演示平台").offices.set(built)
    Account.objects.create_staff(CLERK, None, display_name="演示窗口")


def _lines() -> dict[str, ServiceLine]:
    wanted = [line for line in LINES if line.code in CAPACITIES]
    return {
        line.code: ServiceLine.objects.create(code=line.code, name=line.name, name_en=line.name_en)
        for line in wanted
    }


def _services(lines: dict[str, ServiceLine]) -> list[Service]:
    services = []
    for offer in (offer for offer in SERVICES if offer.line in lines):
        service = Service.objects.create(
            code=offer.code,
            name=offer.name,
            name_en=offer.name_en,
            line=lines[offer.line],
            document=offer.document,
            matter=offer.matter,
            audience=offer.audience,
        )
        ServiceGuide.objects.bulk_create(_guide(service, guide) for guide in offer.guides)
        services.append(service)
    return services


def _guide(service: Service, guide: Guide) -> ServiceGuide:
    return ServiceGuide(
        service=service,
        valid_from=guide.valid_from,
        fee=guide.fee,
        working_days=guide.days,
        materials=list(guide.materials),
        advice=guide.advice,
        advice_en=guide.advice_en,
        source=guide.source,
    )


def _offices(count: int) -> list[Office]:
    cities = range(1, (count - 1) // OFFICES_A_BUREAU + 2)
    bureaus = Bureau.objects.bulk_create(
        Bureau(code=f"bench-{n}", name=f"演示{n}市出入境管理局", name_en=f"Demo City {n} bureau")
        for n in cities
    )
    return Office.objects.bulk_create(
        Office(
            code=f"bench-{n}",
            bureau=bureaus[(n - 1) // OFFICES_A_BUREAU],
            name=f"演示第{n}出入境办证大厅",
            name_en=f"Demo Exit-Entry Hall {n}",
            city=f"演示{(n - 1) // OFFICES_A_BUREAU + 1}市",
            city_en=f"Demo City {(n - 1) // OFFICES_A_BUREAU + 1}",
            address=f"演示路{n}号",
            demo=True,
        )
        for n in range(1, count + 1)
    )
