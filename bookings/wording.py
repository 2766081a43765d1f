"""How people say dates, windows and places left, in the language of this request."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from offices.script import in_script
from offices.wording import WEEKDAYS_ZH, in_chinese, say_day

FEW_SHARE = 0.2
SOME_SHARE = 0.5
FEW_PLACES = 2


def weekday_names() -> list[str]:
    """From Monday, for the head of a calendar."""
    if in_chinese():
        return list(WEEKDAYS_ZH)
    return ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


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
    end = "24:00" if in_chinese() else _("midnight")
    return f"{say_day(before)}{_between()}{end}"


def say_left(places: int) -> str:
    """As short as a cell of the calendar: 余120; 120."""
    return in_script(f"余{places}") if in_chinese() else str(places)


def level_of(state: str, left: int, capacity: int) -> str:
    """plenty, some or few places of an open window; otherwise its state (宽松 · 适中 · 紧张)."""
    if state != "open":
        return state
    if left <= FEW_PLACES or left < capacity * FEW_SHARE:
        return "few"
    return "some" if left < capacity * SOME_SHARE else "plenty"


def _between() -> str:
    return " " if in_chinese() else ", "
