"""The weekly hours of an office as people read them: by variant, line and kind of counter."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from offices.domain.timetable import SERVING
from offices.domain.validity import Days
from offices.enums import CounterKind
from offices.models import Office, OpeningHours, ServiceLine
from offices.models.naming import in_language
from offices.wording import say_hours, say_weekdays


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """Rules that differ in nothing but their weekday, in its order."""

    rules: tuple[OpeningHours, ...]

    @property
    def first(self) -> OpeningHours:
        return self.rules[0]

    @property
    def line(self) -> ServiceLine:
        return self.first.line

    @property
    def kind_label(self) -> str:
        return str(CounterKind(self.first.kind).label)

    @property
    def makes_windows(self) -> bool:
        return self.first.kind in SERVING

    @property
    def weekdays(self) -> str:
        return say_weekdays(rule.weekday for rule in self.rules)

    @property
    def hours(self) -> str:
        return say_hours(self.first.opens, self.first.closes)


@dataclass(frozen=True, slots=True)
class Variant:
    """Hours that hold for the same days under the same name, e.g. summer hours."""

    season: str
    valid_from: dt.date
    valid_until: dt.date | None
    rows: tuple[WeeklyRow, ...]

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def variants(office: Office, today: dt.date) -> list[Variant]:
    """Those in force and those to come, soonest first. One query."""
    hours = OpeningHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today), office=office
    ).select_related("line")
    return list(_variants(sorted(hours, key=_variant_of)))


def seasons_of_hours(office: Office, first: dt.date, last: dt.date) -> list[OpeningHours]:
    """The rules of these days that belong to a variant with a name."""
    rules = OpeningHours.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=first), office=office, valid_from__lte=last
    )
    return list(rules.exclude(season=""))


def days_of(rule: OpeningHours) -> Days:
    return Days(rule.valid_from, rule.valid_until)


def season_label(rule: OpeningHours) -> str:
    return in_language(rule.season, rule.season_en)


def same_but_for_weekday(rule: OpeningHours) -> list[OpeningHours]:
    """The rule and those that differ from it in their weekday alone, in its order."""
    others = OpeningHours.objects.filter(office=rule.office_id, line=rule.line_id, kind=rule.kind)
    alike = [other for other in others.select_related("line") if _row_of(other) == _row_of(rule)]
    return sorted(alike, key=lambda other: other.weekday)


def _variants(rules: Iterable[OpeningHours]) -> Iterator[Variant]:
    for (first, last, _season, _english), of_variant in groupby(rules, key=_variant_of):
        found = sorted(of_variant, key=_row_order)
        rows = tuple(WeeklyRow(tuple(alike)) for _row, alike in groupby(found, key=_row_of))
        until = None if last == dt.date.max else last
        yield Variant(season_label(found[0]), first, until, rows)


def _variant_of(rule: OpeningHours) -> tuple[dt.date, dt.date, str, str]:
    return rule.valid_from, rule.valid_until or dt.date.max, rule.season, rule.season_en


def _row_order(rule: OpeningHours) -> tuple[object, ...]:
    return rule.line.sort_order, rule.line.code, rule.opens, *_row_of(rule), rule.weekday


def _row_of(rule: OpeningHours) -> tuple[object, ...]:
    """What the rules of one row have in common, in an order that can be sorted by."""
    shares = sorted((rule.shares or {}).items())
    capacity = -1 if rule.capacity is None else rule.capacity
    return *_variant_of(rule), rule.line_id, rule.kind, rule.opens, rule.closes, capacity, shares
