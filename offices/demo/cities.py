"""The five cities: their bureaus, their policies and the hours that their offices share."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from offices.demo.shapes import City, Hours

OPEN_SINCE = dt.date(2026, 1, 1)
SATURDAY, SUNDAY = 5, 6

# Xiamen's afternoons: 1 Oct–31 May, and 1 Jun–30 Sep, over the two years of these data.
WINTERS = (
    (dt.date(2026, 1, 1), dt.date(2026, 5, 31)),
    (dt.date(2026, 10, 1), dt.date(2027, 5, 31)),
    (dt.date(2027, 10, 1), dt.date(2027, 12, 31)),
)
SUMMERS = (
    (dt.date(2026, 6, 1), dt.date(2026, 9, 30)),
    (dt.date(2027, 6, 1), dt.date(2027, 9, 30)),
)
# Foshan's season: from June to mid-August.
SEASONS = (
    (dt.date(2026, 6, 1), dt.date(2026, 8, 15)),
    (dt.date(2027, 6, 1), dt.date(2027, 8, 15)),
)


XIAMEN = City(
    "xiamen", "厦门市公安局出入境管理局", "Xiamen Exit-Entry Administration", "厦门", "Xiamen"
)
JINJIANG = City(
    "jinjiang",
    "晋江市公安局出入境管理大队",
    "Jinjiang Exit-Entry Administration",
    "晋江",
    "Jinjiang",
)
FOSHAN = City(
    "foshan",
    "佛山市公安局出入境管理支队",
    "Foshan Exit-Entry Administration",
    "佛山",
    "Foshan",
    {"pool_shares": {"online": 70, "assisted": 10, "walk_in": 20}},
)
HARBIN = City(
    "harbin", "哈尔滨市公安局出入境管理局", "Harbin Exit-Entry Administration", "哈尔滨", "Harbin"
)
WUHAN = City(
    "wuhan", "武汉市公安局出入境管理局", "Wuhan Exit-Entry Administration", "武汉", "Wuhan"
)

CITIES = (XIAMEN, JINJIANG, FOSHAN, HARBIN, WUHAN)


def _dated(hours: Hours, periods: Iterable[tuple[dt.date, dt.date]]) -> tuple[Hours, ...]:
    return tuple(replace(hours, valid_from=first, valid_until=last) for first, last in periods)


XIAMEN_HOURS = (
    *_dated(Hours("08:00-12:00"), [(OPEN_SINCE, WINTERS[-1][1])]),
    *_dated(Hours("14:30-17:30"), WINTERS),
    *_dated(Hours("15:00-18:00"), SUMMERS),
)
XIAMEN_SATURDAY = Hours(
    "09:00-16:00", (SATURDAY,), ("mainland", "collection"), 15, OPEN_SINCE, WINTERS[-1][1]
)
JINJIANG_HOURS = (Hours("08:00-12:00"), Hours("14:30-17:00"))

FOSHAN_AFTERNOON = Hours("14:00-17:30")
FOSHAN_HOURS = (Hours("08:30-12:00"), FOSHAN_AFTERNOON)
# More places in the first hours of the morning, when most people come (HB-17).
SHUNDE_HOURS = (
    Hours("08:30-10:30", lines=("mainland",), capacity=30),
    Hours("10:30-12:00", lines=("mainland",), capacity=20),
    Hours("08:30-12:00", lines=("foreigners", "collection")),
    FOSHAN_AFTERNOON,
    *_dated(Hours("09:00-12:00", (SUNDAY,), ("mainland",), 20), SEASONS),
)

HARBIN_CITY_HOURS = (
    Hours("09:00-10:30", lines=("mainland",), capacity=36),
    Hours("10:30-12:00", lines=("mainland",), capacity=24),
    Hours("13:00-17:00", lines=("mainland",), capacity=18),
    Hours("09:00-12:00", lines=("foreigners", "collection")),
    Hours("13:00-17:00", lines=("foreigners", "collection")),
)
HARBIN_HOURS = (Hours("09:00-12:00"), Hours("13:00-17:00"))

WUHAN_HOURS = (Hours("09:00-12:00"), Hours("13:30-17:00"))
