"""Weekly hours: staff add and end them, and what follows is published in the same transaction."""

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.domain.publishing import PublishReport, publish, queue_with_publishers
from offices.domain.changes import note_change
from offices.domain.hours import overlap
from offices.domain.timetable import SERVING
from offices.domain.validity import ONE_DAY, Days
from offices.domain.weekly import days_of
from offices.enums import CounterKind, Matters
from offices.models import Office, OpeningHours
from offices.wording import say_hours, say_validity, say_weekdays


@dataclass
class HoursOverlap(BookingError):
    """Hours of one line, weekday and kind of counter hold at the same time only once."""

    code: ClassVar[str] = "hours_overlap"
    line: str
    kind: str
    weekday: int
    hours: str
    days: Days

    @property
    def message(self) -> str:
        return _(
            "%(line)s, %(kind)s: the hours %(weekday)s %(hours)s (%(days)s) overlap these. "
            "End them first, or let the new hours take their place."
        ) % {
            "line": self.line,
            "kind": self.kind,
            "weekday": say_weekdays([self.weekday]),
            "hours": self.hours,
            "days": say_validity(self.days.first, self.days.last),
        }


def add_hours(
    office: Office,
    rules: Sequence[OpeningHours],
    *,
    instead: bool,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> PublishReport:
    """Save new rules of this office and publish its windows.

    With `instead`, they take the place of the hours of the same line, kind and weekday for the
    days on which they hold; before and after, those stay as they are. Raises HoursOverlap.
    """
    with transaction.atomic():
        queue_with_publishers(office.pk)
        if instead:
            _make_room(office, rules)
        _refuse_overlaps(office, rules)
        OpeningHours.objects.bulk_create(rules)
        shown = _shown(rules)
        note_change(Matters.HOURS, office, _subject(shown), {}, shown, reason, actor.person, now)
        return publish(office, now, reason=reason, actor=actor)


def end_hours(
    rules: Sequence[OpeningHours],
    last_day: dt.date,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> PublishReport:
    """Let rules of one office hold until this day; those that begin after it never hold.

    Those that end before it anyway stay as they are.
    """
    office = rules[0].office
    with transaction.atomic():
        queue_with_publishers(office.pk)
        changing = _holding_after(rules, last_day)
        if not changing:
            return PublishReport()
        never = [rule.pk for rule in changing if rule.valid_from > last_day]
        ending = [rule.pk for rule in changing if rule.valid_from <= last_day]
        OpeningHours.objects.filter(pk__in=never).delete()
        OpeningHours.objects.filter(pk__in=ending).update(valid_until=last_day)
        after = {"valid_until": last_day.isoformat()} if ending else {}
        before = _shown(changing)
        note_change(
            Matters.HOURS,
            office,
            _subject(after or before),
            before,
            after,
            reason,
            actor.person,
            now,
        )
        return publish(office, now, reason=reason, actor=actor)


def _holding_after(rules: Iterable[OpeningHours], day: dt.date) -> list[OpeningHours]:
    """Those of the rules, as they are now, that hold on some day after this one."""
    known = OpeningHours.objects.filter(pk__in=[rule.pk for rule in rules])
    longer = known.filter(Q(valid_until=None) | Q(valid_until__gt=day))
    return list(longer.select_related("line").order_by("weekday", "pk"))


# --- Room for new hours ------------------------------------------------------------------------


def _make_room(office: Office, rules: Iterable[OpeningHours]) -> None:
    # Rules of one day are added together, e.g. before and after noon: they replace once.
    for line, kind, weekday, days in {
        (rule.line_id, rule.kind, rule.weekday, days_of(rule)) for rule in rules
    }:
        known = OpeningHours.objects.filter(
            office=office, line=line, kind=kind, weekday=weekday
        ).select_for_update()
        for rule in known:
            if days_of(rule).meets(days):
                _cut(rule, days_of(rule).without(days))


def _cut(rule: OpeningHours, rest: Sequence[Days]) -> None:
    """Let the rule hold on these stretches only; the first of them keeps its row."""
    if not rest:
        rule.delete()
    for row, days in zip([rule, copy.copy(rule)], rest, strict=False):
        row.valid_from, row.valid_until = days.first, days.last
        if days is not rest[0]:
            row.pk = None
            row._state.adding = True
        row.save()


def _refuse_overlaps(office: Office, rules: Iterable[OpeningHours]) -> None:
    known = list(OpeningHours.objects.filter(office=office).select_related("line"))
    for rule in rules:
        for other in known:
            if _collide(rule, other):
                raise HoursOverlap(
                    line=other.line.label,
                    kind=str(CounterKind(other.kind).label),
                    weekday=other.weekday,
                    hours=say_hours(other.opens, other.closes),
                    days=days_of(other),
                )


def _collide(one: OpeningHours, other: OpeningHours) -> bool:
    return (
        (one.line_id, one.weekday) == (other.line_id, other.weekday)
        and (one.kind == other.kind or {one.kind, other.kind} <= set(SERVING))
        and overlap(one, other)
        and days_of(one).meets(days_of(other))
    )


def ending_at_once(today: dt.date) -> dt.date:
    """The last day of hours that hold no longer: what was remains on record."""
    return today - ONE_DAY


# --- Who did what ------------------------------------------------------------------------------


def _shown(rules: Iterable[OpeningHours]) -> dict[str, Any]:
    """What is kept of them: values that say themselves in any language."""
    first, *_others = rules = list(rules)
    return {
        "lines": sorted({rule.line.code for rule in rules}),
        "kind": first.kind,
        "weekdays": sorted({rule.weekday for rule in rules}),
        "hours": sorted({say_hours(rule.opens, rule.closes) for rule in rules}),
        "valid_from": first.valid_from.isoformat(),
        "valid_until": first.valid_until.isoformat() if first.valid_until else "",
        "season": first.season,
    }


def _subject(shown: Mapping[str, Any]) -> str:
    return shown.get("season") or Matters.HOURS.value
