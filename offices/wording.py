"""How people say days and hours, in the language of this request."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import get_language

from offices.script import in_script

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def say_day(day: dt.date) -> str:
    """8月3日 周一; Mon 3 Aug."""
    if in_chinese():
        return in_script(f"{day.month}月{day.day}日 周{WEEKDAYS_ZH[day.weekday()]}")
    return f"{day:%a} {day.day} {day:%b}"


def say_full_date(day: dt.date) -> str:
    """2019年7月1日; 1 Jul 2019."""
    if in_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%b %Y}"


def say_days(first: dt.date, last: dt.date) -> str:
    """8月3日 周一至8月5日 周三; Mon 3 Aug to Wed 5 Aug."""
    if first == last:
        return say_day(first)
    return f"{say_day(first)}{'至' if in_chinese() else ' to '}{say_day(last)}"


def say_validity(first: dt.date, last: dt.date | None) -> str:
    """2026年6月1日起; 2026年6月1日至2026年9月30日; from 1 Jun 2026; 1 Jun 2026 to 30 Sep 2026."""
    if last is None:
        return f"{say_full_date(first)}起" if in_chinese() else f"from {say_full_date(first)}"
    return f"{say_full_date(first)}{'至' if in_chinese() else ' to '}{say_full_date(last)}"


def say_hours(opens: dt.time, closes: dt.time) -> str:
    """8:00–12:00."""
    return f"{opens.hour}:{opens:%M}–{closes.hour}:{closes:%M}"


def say_weekdays(weekdays: Iterable[int]) -> str:
    """周一至周五、周日; Mon–Fri, Sun."""
    runs = groupby(enumerate(sorted(weekdays)), key=lambda pair: pair[1] - pair[0])
    return say_list(_say_run([weekday for _n, weekday in run]) for _key, run in runs)


def _say_run(run: list[int]) -> str:
    if in_chinese():
        names, to = [in_script(f"周{WEEKDAYS_ZH[weekday]}") for weekday in run], "至"
    else:
        names, to = [WEEKDAYS_EN[weekday] for weekday in run], "–"
    return f"{names[0]}{to}{names[-1]}" if len(names) > 2 else say_list(names)


def say_list(items: Iterable[str]) -> str:
    return ("、" if in_chinese() else ", ").join(items)


def say_address(city: str, district: str, street: str) -> str:
    """厦门思明区镇海路64号之一; 64-1 Zhenhai Road, Siming, Xiamen."""
    parts = [part for part in (city, district, street) if part]
    return "".join(parts) if in_chinese() else ", ".join(reversed(parts))
