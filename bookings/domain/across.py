"""Windows of several offices in order of time, for who would go to any of them (JJ-10)."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bookings.domain import board
from bookings.domain.availability import SlotView
from bookings.domain.board import DayView
from bookings.domain.eligibility import suits
from bookings.domain.parties import Person
from bookings.enums import SlotState
from offices.models import Office, ServiceLine

# Days at the weekend, from 5 for Saturday.
SATURDAY = 5
NOON = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """A party that would go to any of these offices; each with the places that it takes there."""

    needs: Mapping[Office, int]
    line: ServiceLine
    channel: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A window that has room for the party and is for it."""

    office: Office
    view: SlotView

    @property
    def local_start(self) -> dt.datetime:
        return self.view.starts_at.astimezone(self.office.zone)


Filter = Callable[[Found], bool]


@dataclass(frozen=True, slots=True)
class Across:
    """The days of all the offices, by office in the order in which they were given."""

    wanted: Wanted
    days: Mapping[Office, Sequence[DayView]]

    def windows(self, fits: Filter, day: dt.date | None = None) -> list[Found]:
        """Those with room that are for the party, in order of time."""
        found = [one for one in self._roomy(day) if fits(one)]
        return sorted(found, key=lambda one: (one.view.starts_at, one.view.id))

    def _roomy(self, day: dt.date | None) -> Iterator[Found]:
        people = self.wanted.people
        for office, days in self.days.items():
            size = self.wanted.needs[office]
            for each in days:
                # What has no room on the whole day needs no look at its windows.
                if each.state == SlotState.OPEN and day in (None, each.date):
                    for view in each.slots:
                        if view.fits(size) and suits(people, view.session_id, view.date):
                            yield Found(office, view)


def look_across(wanted: Wanted, first: dt.date, last: dt.date, now: dt.datetime) -> Across:
    """The days from first to last of all the offices, in a statement for all of them."""
    found = board.days_of_many(
        wanted.needs, wanted.line, first, last, wanted.channel, now, wanted.people
    )
    return Across(wanted, {office: found[office.pk] for office in wanted.needs})


def least_loaded(windows: Iterable[Found], count: int = 3) -> set[int]:
    """Ids of the emptiest windows, the earlier ones where two are alike."""
    in_order = sorted(windows, key=lambda one: (one.view.load, one.view.starts_at))
    return {one.view.id for one in in_order[:count]}


def at_part(part: str, *, weekend: bool) -> Filter:
    """`part`: "morning", "afternoon" or any; with `weekend` Saturdays and Sundays only."""

    def fits(one: Found) -> bool:
        local = one.local_start
        if weekend and local.weekday() < SATURDAY:
            return False
        return not part or (local.hour < NOON) == (part == "morning")

    return fits
