"""How people say dates, windows and places left, in the language of this request."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

WEEKDAYS_ZH = "一二三四五六日"
FEW_SHARE = 0.2
SOME_SHARE = 0.5
FEW_PLACES = 2


def in_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def say_day(day: dt.date) -> str:
    """8月3日 周一; Mon 3 Aug."""
    if in_chinese():
        return f"{day.month}月{day.day}日 周{WEEKDAYS_ZH[day.weekday()]}"
    return f"{day:%a} {day.day} {day:%b}"


def say_time(moment: dt.datetime) -> str:
    return f"{moment:%H:%M}"


def say_hours(starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo) -> str:
    """10:00–10:30 on the clock of the office."""
    return f"{starts_at.astimezone(zone):%H:%M}–{ends_at.astimezone(zone):%H:%M}"


def say_window(starts_at: dt.datetime, ends_at: dt.datetime, zone: ZoneInfo) -> str:
    """8月3日 周一 10:00–10:30; Mon 3 Aug, 10:00–10:30."""
    day = say_day(starts_at.astimezone(zone).date())
    return f"{day}{_between()}{say_hours(starts_at, ends_at, zone)}"


def say_moment(moment: dt.datetime, zone: ZoneInfo) -> str:
    """8月3日 周一 08:00; Mon 3 Aug, 08:00."""
    local = moment.astimezone(zone)
    return f"{say_day(local.date())}{_between()}{say_time(local)}"


def say_deadline(moment: dt.datetime, zone: ZoneInfo) -> str:
    """As `say_moment`, but 00:00 is said as the end of the day before it."""
    local = moment.astimezone(zone)
    if local.time() != dt.time(0):
        return say_moment(moment, zone)
    before = local.date() - dt.timedelta(days=1)
    return f"{say_day(before)}{_between()}{_('midnight')}"


def say_list(items: list[str]) -> str:
    return ("、" if in_chinese() else ", ").join(items)


def level_of(state: str, left: int, capacity: int) -> str:
    """plenty, some or few places of an open window; otherwise its state (宽松 · 适中 · 紧张)."""
    if state != "open":
        return state
    if left <= FEW_PLACES or left < capacity * FEW_SHARE:
        return "few"
    return "some" if left < capacity * SOME_SHARE else "plenty"


def _between() -> str:
    return " " if in_chinese() else ", "
