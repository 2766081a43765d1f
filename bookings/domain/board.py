"""What everybody is shown of the places: never older than a second, however many ask.

No decision is made by it: who has a place is decided by the counters themselves (rule 5).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bookings.domain import availability
from bookings.domain.availability import SlotView
from bookings.domain.eligibility import suits
from bookings.domain.parties import Alternative, Person
from bookings.enums import SlotState
from bookings.models import Slot
from offices.domain import catalogue
from offices.domain.briefly import Briefly
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine

ALTERNATIVE_DAYS = 7

Views = tuple[SlotView, ...]


class _Day(NamedTuple):
    """The windows of a day, and what can be said of it before anybody asks for a party."""

    views: Views
    lefts: tuple[int, ...]
    capacity: int
    # What it is where no window has room for the party.
    state: str
    has_sessions: bool


# Office, line, pools of a channel, day.
_Question = tuple[int, int, tuple[str, ...], dt.date]
# A day has some 20 windows of 400 bytes each.
_board: Briefly[_Question, _Day] = Briefly(4_000)
wipe = _board.forget


@dataclass(frozen=True, slots=True)
class DayView:
    """One day: places left over all its windows that have room for the whole party."""

    date: dt.date
    places_left: int
    capacity: int
    state: str
    slots: Views = ()


def days(
    office: Office,
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    channel: str,
    party_size: int,
    now: dt.datetime,
    people: Sequence[Person] = (),
) -> list[DayView]:
    """Every day from first to last, both included, days without windows as closed.

    Windows of sessions that aren't for `people` don't count among the places left.
    """
    shown = _shown(office, line, first, last, channel, now)
    return [_view(day, known, max(party_size, 1), people) for day, known in shown.items()]


def days_of_many(
    needs: Mapping[Office, int],
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    channel: str,
    now: dt.datetime,
    people: Sequence[Person] = (),
) -> dict[int, list[DayView]]:
    """As `days`, of several offices by their ids. `needs` says how many places a party takes there.

    One statement for all offices with the same pools.
    """
    alike: dict[tuple[str, ...], list[Office]] = defaultdict(list)
    for office in needs:
        alike[policy_for(office).pools_for(channel)].append(office)
    found: dict[int, list[DayView]] = {}
    for pools, offices in alike.items():
        shown = _shown_of_many(offices, line, first, last, pools, now)
        for office in offices:
            size = max(needs[office], 1)
            known = shown[office.pk].items()
            found[office.pk] = [_view(day, each, size, people) for day, each in known]
    return found


def slots(office: Office, line: ServiceLine, day: dt.date, channel: str, now: dt.datetime) -> Views:
    """The windows of one day, in order of time."""
    return _shown(office, line, day, day, channel, now)[day].views


def alternatives(
    slot_id: int,
    places: int,
    channel: str,
    now: dt.datetime,
    count: int = 3,
    people: Sequence[Person] = (),
) -> list[Alternative]:
    """Other windows with room for the party, least loaded first (JJ-10).

    Those of the same day come before those of the days after it, and sessions that aren't for
    `people` are left out. Raises Slot.DoesNotExist.
    """
    office_id, line_id, day = _whereabouts(slot_id)
    office, line = catalogue.office(office_id), catalogue.line(line_id)
    last = day + dt.timedelta(days=ALTERNATIVE_DAYS)
    shown = _shown(office, line, day, last, channel, now)
    others = [
        view
        for known in shown.values()
        for view in known.views
        if view.id != slot_id and view.fits(places) and _is_for(people, view)
    ]
    others.sort(key=lambda view: (view.date != day, view.load, view.starts_at))
    return [
        Alternative(v.id, v.starts_at, v.ends_at, v.places_left, v.capacity, office.code, line.code)
        for v in others[:count]
    ]


@lru_cache(20_000)
def _whereabouts(slot_id: int) -> tuple[int, int, dt.date]:
    """Office, line and day, which a slot never changes."""
    return Slot.objects.values_list("office_id", "line_id", "date").get(pk=slot_id)


def _shown(
    office: Office,
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    channel: str,
    now: dt.datetime,
) -> dict[dt.date, _Day]:
    """Every day from first to last in order, with its windows."""
    pools = policy_for(office).pools_for(channel)

    def ask(missing: list[_Question]) -> Mapping[_Question, _Day]:
        by_day: dict[dt.date, list[SlotView]] = defaultdict(list)
        span = missing[0][-1], missing[-1][-1]
        for view in availability.windows(office, line, *span, pools, now):
            by_day[view.date].append(view)
        return {question: _day(tuple(by_day[question[-1]])) for question in missing}

    dates = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    which = (office.pk, line.pk, pools)
    questions: list[_Question] = [(*which, day) for day in dates]
    answers = _board.answers(which, questions, ask)
    return {question[-1]: answers[question] for question in questions}


def _shown_of_many(
    offices: Sequence[Office],
    line: ServiceLine,
    first: dt.date,
    last: dt.date,
    pools: tuple[str, ...],
    now: dt.datetime,
) -> dict[int, dict[dt.date, _Day]]:
    """By the office's id: every day from first to last in order, with its windows."""
    by_id = {office.pk: office for office in offices}

    def ask(missing: list[_Question]) -> Mapping[_Question, _Day]:
        asked = [by_id[pk] for pk in dict.fromkeys(question[0] for question in missing)]
        views = availability.windows_of_many(asked, line, first, last, pools, now)
        by_day: dict[tuple[int, dt.date], list[SlotView]] = defaultdict(list)
        for office_id, of_office in views.items():
            for view in of_office:
                by_day[office_id, view.date].append(view)
        return {each: _day(tuple(by_day[each[0], each[-1]])) for each in missing}

    dates = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    questions: list[_Question] = [(pk, line.pk, pools, day) for pk in by_id for day in dates]
    answers = _board.answers((tuple(by_id), line.pk, pools), questions, ask)
    return {pk: {day: answers[pk, line.pk, pools, day] for day in dates} for pk in by_id}


def _day(views: Views) -> _Day:
    lefts = tuple(view.places_left for view in views)
    states = {view.state for view in views}
    return _Day(
        views,
        lefts,
        sum(view.capacity for view in views),
        _state_without_room(states),
        has_sessions=any(view.session_id is not None for view in views),
    )


def _state_without_room(states: set[str]) -> str:
    for state in (SlotState.OPEN, SlotState.FULL, SlotState.NOT_YET_OPEN):
        if state in states:
            return SlotState.FULL if state == SlotState.OPEN else state
    return SlotState.CLOSED


def _is_for(people: Sequence[Person], view: SlotView) -> bool:
    return not people or suits(people, view.session_id, view.date)


def _view(day: dt.date, known: _Day, party_size: int, people: Sequence[Person]) -> DayView:
    lefts = known.lefts
    if known.has_sessions and people:
        lefts = tuple(view.places_left for view in known.views if _is_for(people, view))
    left = sum([left for left in lefts if left >= party_size])
    state = SlotState.OPEN if left else known.state
    return DayView(day, left, known.capacity, state, known.views)
