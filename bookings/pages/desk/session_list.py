"""The sessions of an office as its list shows them: series together, each with whom it is for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.wording import weekday_names
from offices.domain.audience import terms_of
from offices.domain.hours import minute_of
from offices.domain.policy import policy_for
from offices.enums import SessionKind
from offices.models import Office, OrganisationChange, Session, SessionSeries
from offices.models.naming import in_language
from offices.wording import say_day, say_days, say_list


@dataclass(frozen=True, slots=True)
class Row:
    session: Session
    terms: tuple[str, ...]
    # Over all its windows.
    places: int


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are, and how long the longest is (JJ-14, WH-06)."""

    sessions: int
    longest_minutes: int


@dataclass(frozen=True, slots=True)
class Group:
    """The listed sessions of a series, or (None) one that stands alone."""

    series: SessionSeries | None
    rows: list[Row]

    @property
    def label(self) -> str:
        return self.rows[0].session.label

    @property
    def places(self) -> int:
        return sum(row.places for row in self.rows)

    @property
    def days(self) -> str:
        dates = [row.session.date for row in self.rows]
        return say_days(min(dates), max(dates))

    @property
    def weekdays(self) -> str:
        wanted = {row.session.date.weekday() for row in self.rows}
        return say_list(weekday_names()[day] for day in sorted(wanted))


@dataclass(frozen=True, slots=True)
class SessionChange:
    """Sessions that somebody added or removed, in one go."""

    change: OrganisationChange
    is_removal: bool
    label: str
    days: str
    hours: str


def in_words(change: OrganisationChange) -> SessionChange:
    them = change.before or change.after
    days = say_list(say_day(dt.date.fromisoformat(day)) for day in them["days"])
    label = in_language(them["name"], them["name_en"]) or str(SessionKind(them["kind"]).label)
    return SessionChange(change, bool(change.before), label, days, them["hours"])


def total_of(sessions: Iterable[Session]) -> Total:
    lengths = [_minutes(session) for session in sessions]
    return Total(len(lengths), max(lengths, default=0))


def in_groups(sessions: Iterable[Session], office: Office) -> list[Group]:
    """In the order of the first session of each."""
    minutes = policy_for(office).slot_minutes
    groups: dict[tuple[int | None, int], list[Session]] = {}
    for session in sessions:
        alone = session.pk if session.series_id is None else 0
        groups.setdefault((session.series_id, alone), []).append(session)
    return [_group(together, minutes) for together in groups.values()]


def _group(sessions: list[Session], minutes: int) -> Group:
    rows = [Row(each, terms_of(each), _places(each, minutes)) for each in sessions]
    return Group(sessions[0].series, rows)


def _places(session: Session, minutes: int) -> int:
    """Of its whole windows; what is published may have been changed since."""
    return _minutes(session) // minutes * session.capacity


def _minutes(session: Session) -> int:
    return minute_of(session.closes) - minute_of(session.opens)
