"""How messages write dates and lists, in Chinese and in English."""

import datetime as dt
from collections.abc import Iterable

from django.utils import translation


def in_chinese() -> bool:
    return (translation.get_language() or "").startswith("zh")


def either(chinese: str, english: str) -> str:
    return chinese if in_chinese() or not english else english


def joined(sentences: Iterable[str]) -> str:
    return ("" if in_chinese() else " ").join(sentences)


def comma() -> str:
    return "，" if in_chinese() else ", "


def listed(names: Iterable[str]) -> str:
    return ("、" if in_chinese() else ", ").join(names)


def say_date(day: dt.date) -> str:
    if in_chinese():
        return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
    return f"{day:%a} {day.day} {day:%b}"


def say_time(moment: dt.datetime) -> str:
    return f"{moment.hour}:{moment:%M}" if in_chinese() else f"{moment:%H:%M}"


def moment_or_midnight(iso: str) -> str:
    """A deadline at 00:00 is said as midnight of the day that ends then."""
    moment = dt.datetime.fromisoformat(iso)
    day, time = say_date(moment), say_time(moment)
    if moment.time() == dt.time(0):
        day, time = say_date(moment - dt.timedelta(days=1)), "24:00" if in_chinese() else "midnight"
    return f"{day}{time}" if in_chinese() else f"{day}, {time}"
