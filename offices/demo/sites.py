"""Demo self-service sites: as many as the sources count, with made-up names, places and machines.

Foshan: 90 sites with 154 smart endorsement machines, some open 24 hours (2024). Xiamen: machines at
53 police stations for people of the province (2018), and some 50 kiosks in convenience stores.
Jinjiang: three machines in its hall. Nothing of this is a real address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from offices.enums import DeviceKind, SiteKind, SiteLimit
from offices.models import Bureau, Device, Office, SelfServiceSite

DEMO, DEMO_EN = "（演示数据）", " (demo)"
HOURS = ("每天8:30–20:00", "Daily 8:30–20:00")
# Some 2 km.
_STEP = Decimal("0.02")
_PER_ROW = 6
_FOSHAN_SITES, _FOSHAN_MACHINES = 90, 154
_XIAMEN_STATIONS, _XIAMEN_KIOSKS = 53, 50
# Sites, and what stands at each of them.
Batch = tuple[list[SelfServiceSite], list[list[DeviceKind]]]
_MACHINES_SERVE_NOT = [SiteLimit.STATE_STAFF, SiteLimit.UNDER_16]


@dataclass(frozen=True)
class District:
    """`corner`: latitude and longitude near which its sites lie."""

    code: str
    name: str
    name_en: str
    corner: tuple[str, str]


FOSHAN = (
    District("chancheng", "禅城区", "Chancheng", ("23.00", "113.08")),
    District("nanhai", "南海区", "Nanhai", ("23.05", "113.10")),
    District("shunde", "顺德区", "Shunde", ("22.80", "113.24")),
    District("gaoming", "高明区", "Gaoming", ("22.88", "112.84")),
    District("sanshui", "三水区", "Sanshui", ("23.16", "112.86")),
)
XIAMEN = (
    District("siming", "思明区", "Siming", ("24.44", "118.08")),
    District("huli", "湖里区", "Huli", ("24.50", "118.10")),
    District("jimei", "集美区", "Jimei", ("24.58", "118.06")),
    District("haicang", "海沧区", "Haicang", ("24.48", "117.98")),
    District("tongan", "同安区", "Tong'an", ("24.72", "118.14")),
    District("xiangan", "翔安区", "Xiang'an", ("24.62", "118.24")),
)


def load_sites() -> None:
    """Those that aren't there; what staff changed about others stays."""
    known = set(SelfServiceSite.objects.values_list("code", flat=True))
    for sites, machines in (_foshan(), _stations(), _kiosks()):
        pairs = zip(sites, machines, strict=True)
        new = [(site, kinds) for site, kinds in pairs if site.code not in known]
        SelfServiceSite.objects.bulk_create(site for site, _kinds in new)
        Device.objects.bulk_create(
            Device(site=site, kind=kind, label=f"{number:02}")
            for site, kinds in new
            for number, kind in enumerate(kinds, start=1)
        )
    _furnish_jinjiang()


def _foshan() -> Batch:
    bureau = Bureau.objects.get(code="foshan")
    sites = [
        _site(
            "foshan",
            bureau,
            ("佛山", "Foshan"),
            FOSHAN,
            number,
            # One smart hall a district; every fifth site is open 24 hours.
            SiteKind.SMART_HALL if number < len(FOSHAN) else SiteKind.POINT,
            ("智慧厅", "Smart hall")
            if number < len(FOSHAN)
            else ("自助服务点", "Self-service site"),
            open_all_day=number % 5 == 0,
            excludes=_MACHINES_SERVE_NOT,
        )
        for number in range(_FOSHAN_SITES)
    ]
    second = _FOSHAN_MACHINES - _FOSHAN_SITES
    return sites, [
        [DeviceKind.SMART_ENDORSEMENT] * (2 if number < second else 1)
        for number in range(_FOSHAN_SITES)
    ]


def _stations() -> Batch:
    bureau = Bureau.objects.get(code="xiamen")
    sites = [
        _site(
            "xiamen-station",
            bureau,
            ("厦门", "Xiamen"),
            XIAMEN,
            number,
            SiteKind.STATION,
            ("派出所自助服务点", "Police station"),
            open_all_day=number % 8 == 0,
            excludes=[*_MACHINES_SERVE_NOT, SiteLimit.ELSEWHERE],
        )
        for number in range(_XIAMEN_STATIONS)
    ]
    machines = [DeviceKind.SMART_ENDORSEMENT, DeviceKind.ACCEPTANCE]
    return sites, [machines] * _XIAMEN_STATIONS


def _kiosks() -> Batch:
    bureau = Bureau.objects.get(code="xiamen")
    sites = [
        _site(
            "xiamen-store",
            bureau,
            ("厦门", "Xiamen"),
            XIAMEN,
            number,
            SiteKind.STORE,
            ("社区便利店e政务站", "Community kiosk"),
        )
        for number in range(_XIAMEN_KIOSKS)
    ]
    return sites, [[DeviceKind.COMMUNITY]] * _XIAMEN_KIOSKS


def _site(
    prefix: str,
    bureau: Bureau,
    city: tuple[str, str],
    districts: tuple[District, ...],
    number: int,
    kind: SiteKind,
    names: tuple[str, str],
    *,
    open_all_day: bool = False,
    excludes: list[SiteLimit] | None = None,
) -> SelfServiceSite:
    """The sites of a city take turns with its districts."""
    district, turn = districts[number % len(districts)], number // len(districts)
    latitude, longitude = map(Decimal, district.corner)
    return SelfServiceSite(
        code=f"{prefix}-{number + 1:03}",
        bureau=bureau,
        kind=kind,
        name=f"{district.name}{names[0]}{turn + 1:02}{DEMO}",
        name_en=f"{district.name_en} {names[1]} {turn + 1:02}{DEMO_EN}",
        city=city[0],
        city_en=city[1],
        district=district.name,
        district_en=district.name_en,
        latitude=latitude + _STEP * (turn % _PER_ROW),
        longitude=longitude + _STEP * (turn // _PER_ROW),
        open_all_day=open_all_day,
        hours="" if open_all_day else HOURS[0],
        hours_en="" if open_all_day else HOURS[1],
        excludes=list(excludes or []),
        demo=True,
    )


def _furnish_jinjiang() -> None:
    office = Office.objects.get(code="jinjiang")
    if not office.devices.exists():
        Device.objects.bulk_create(_machines(office))


def _machines(office: Office) -> Iterator[Device]:
    for number in range(1, 4):
        yield Device(office=office, kind=DeviceKind.SMART_ENDORSEMENT, label=f"{number:02}")
