"""What is written on an office's door: its hours of the coming days, with the reasons.

Hours are those of the counters that serve; desks that only advise, take photos or payment come
with theirs beside them (HB-10).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from offices.domain.audience import terms_of
from offices.domain.calendar import holidays_between
from offices.domain.hours import Plan, Span, spans
from offices.domain.policy import policy_for
from offices.domain.surge_plans import surges_between
from offices.domain.surges import lengthened, surges_on
from offices.domain.timetable import SERVING, rules_by_kind, timetable
from offices.domain.weekly import (
    Variant,
    days_of,
    season_label,
    seasons_of_hours,
    variants,
)
from offices.enums import CounterKind, HolidayKind
from offices.models import Closure, Holiday, Office, OpeningHours, ServiceLine, Session
from offices.wording import say_day, say_days, say_hours, say_list, say_validity

WEEK = 7
ADVISING = [kind for kind in CounterKind if kind not in SERVING]
# Closures and seasonal hours are announced this many days ahead.
NOTICE_DAYS = 60


@dataclass(frozen=True, slots=True)
class DoorDay:
    """One day, also as a row of the summary list.

    `texts` starts with the hours of the office, then says what differs and why.
    """

    date: dt.date
    texts: list[str]

    @property
    def label(self) -> str:
        return say_day(self.date)

    @property
    def value(self) -> str:
        return self.texts[0]

    @property
    def lines(self) -> list[str]:
        return self.texts if len(self.texts) > 1 else []


@dataclass(frozen=True, slots=True)
class _Notes:
    holidays: dict[dt.date, Holiday]
    sessions: list[Session]
    closures: list[Closure]
    named_hours: list[OpeningHours]

    def of(self, day: dt.date) -> list[str]:
        notes = [_holiday_note(self.holidays[day])] if day in self.holidays else self._season(day)
        notes += [_session_note(session) for session in self.sessions if session.date == day]
        return notes + [
            _closure_note(closure)
            for closure in self.closures
            if closure.first_day <= day <= closure.last_day
        ]

    def _season(self, day: dt.date) -> list[str]:
        """What the hours of this weekday are called, e.g. summer hours."""
        rules = [rule for rule in self.named_hours if rule.weekday == day.weekday()]
        names = (season_label(rule) for rule in rules if day in days_of(rule))
        return list(dict.fromkeys(names))


def door_days(office: Office, first: dt.date, count: int = WEEK) -> list[DoorDay]:
    """The hours of `count` days from `first` on."""
    last = first + dt.timedelta(days=count - 1)
    policy = policy_for(office)
    plan = timetable(office, first, last, open_on_holidays=policy.open_on_holidays).plan
    advising = _advising(plan, office, first, last)
    lines = lines_of(office)
    surges = surges_between(office, first, last)
    notes = _notes(office, first, last)
    days = [first + dt.timedelta(days=n) for n in range(count)]
    return [
        DoorDay(
            day,
            [
                *_hours(
                    lengthened(plan, day, surges_on(surges, day), policy.slot_minutes), day, lines
                ),
                *_other_desks(advising, day),
                *notes.of(day),
            ],
        )
        for day in days
    ]


def lines_of(office: Office) -> list[ServiceLine]:
    """The lines that the office has weekly hours for."""
    serving = office.hours.filter(kind__in=SERVING)
    return list(ServiceLine.objects.filter(pk__in=serving.values("line")))


def coming_closures(office: Office, today: dt.date) -> list[tuple[str, str]]:
    """Pairs of days and reason, soonest first."""
    last = today + dt.timedelta(days=NOTICE_DAYS)
    return [
        (say_days(closure.first_day, closure.last_day), _closure_note(closure))
        for closure in _closures(office, today, last)
    ]


def coming_hours(office: Office, today: dt.date) -> list[tuple[str, list[str]]]:
    """Hours with a name of their own that begin later, each with what it consists of."""
    return [
        (
            f"{variant.season} · {say_validity(variant.valid_from, variant.valid_until)}",
            _rows(variant),
        )
        for variant in variants(office, today)
        if variant.season and 0 < (variant.valid_from - today).days <= NOTICE_DAYS
    ]


def _rows(variant: Variant) -> list[str]:
    return [
        f"{row.line.label} · {row.kind_label} · {row.weekdays} {row.hours}" for row in variant.rows
    ]


def _hours(plan: Plan, day: dt.date, lines: Iterable[ServiceLine]) -> list[str]:
    """The hours of the whole office, then of each line that is open at fewer of them."""
    whole = spans(plan, day)
    found = [_say_spans(whole)]
    for line in lines:
        own = spans(plan, day, [line.pk])
        if own != whole:
            found.append(_("%(line)s: %(hours)s") % {"line": line.label, "hours": _say_spans(own)})
    return found


def _advising(plan: Plan, office: Office, first: dt.date, last: dt.date) -> dict[str, Plan]:
    """The plan of each kind of counter that makes no windows and has hours of its own."""
    rules = rules_by_kind(office, first, last, ADVISING)
    return {kind: replace(plan, rules=rules[kind], extras=()) for kind in ADVISING if kind in rules}


def _other_desks(advising: dict[str, Plan], day: dt.date) -> list[str]:
    return [
        _("%(line)s: %(hours)s") % {"line": CounterKind(kind).label, "hours": _say_spans(found)}
        for kind, plan in advising.items()
        if (found := spans(plan, day))
    ]


def _say_spans(found: list[Span]) -> str:
    if not found:
        return _("Closed")
    return say_list(say_hours(span.opens, span.closes) for span in found)


def _notes(office: Office, first: dt.date, last: dt.date) -> _Notes:
    sessions = Session.objects.filter(office=office, date__range=(first, last))
    return _Notes(
        holidays_between(first, last),
        list(sessions.select_related("line")),
        list(_closures(office, first, last)),
        seasons_of_hours(office, first, last),
    )


def _closures(office: Office, first: dt.date, last: dt.date) -> "QuerySet[Closure]":
    return Closure.objects.filter(
        office=office, first_day__lte=last, last_day__gte=first
    ).select_related("line")


def _holiday_note(holiday: Holiday) -> str:
    if holiday.kind == HolidayKind.MAKE_UP_WORKDAY:
        return _("Make-up workday (%(name)s)") % {"name": holiday.label}
    return _("Public holiday (%(name)s)") % {"name": holiday.label}


def _session_note(session: Session) -> str:
    said = _("%(name)s %(hours)s (%(line)s)") % {
        "name": session.label,
        "hours": say_hours(session.opens, session.closes),
        "line": session.line.label,
    }
    return " · ".join([said, *terms_of(session)])


def _closure_note(closure: Closure) -> str:
    what = [closure.line.label] if closure.line else []
    if closure.from_time and closure.until_time:
        what.append(say_hours(closure.from_time, closure.until_time))
    return _("%(what)s closed: %(reason)s") % {
        "what": say_list(what) or _("All day"),
        "reason": closure.reason_label,
    }
