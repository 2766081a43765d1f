"""Where parties go that can't stay at their windows: plain values in, a plan out, no query."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True, slots=True)
class Movable:
    """A party as it is booked. `pools` are those it may take from, by office, in order."""

    booking_id: int
    # Counts the moves of the booking: a plan of another version is out of date.
    version: int
    places: int
    slot_id: int
    office_id: int
    line_id: int
    # On the clock of its office.
    date: dt.date
    starts_at: dt.datetime
    pools: Mapping[int, tuple[str, ...]]
    services: frozenset[str]
    # Sessions that aren't for everybody of the party.
    barred: frozenset[int]


@dataclass(frozen=True, slots=True)
class Free:
    """Places that one pool of a window has left."""

    quota_id: int
    places: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A window that takes bookings. `free` is by pool, `offered` the codes of its services."""

    slot_id: int
    office_id: int
    line_id: int
    date: dt.date
    starts_at: dt.datetime
    session_id: int | None
    offered: frozenset[str]
    free: Mapping[str, Free]


@dataclass(frozen=True, slots=True)
class PlannedMove:
    party: Movable
    opening: Opening
    quota_id: int


@dataclass(frozen=True, slots=True)
class MovePlan:
    """Moves that can all be made at once, and the parties for which nothing fits."""

    moves: tuple[PlannedMove, ...] = ()
    stuck: tuple[Movable, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far people are sent.

    On their own day to any time, though to an earlier one only from `earliest` on; otherwise to a
    later day, at most `days` away. Nobody is asked to come on an earlier day than they planned.
    """

    earliest: dt.datetime
    days: int

    def covers(self, party: Movable, opening: Opening) -> bool:
        later = opening.starts_at > party.starts_at
        return (
            0 <= (opening.date - party.date).days <= self.days
            and opening.slot_id != party.slot_id
            and (later or opening.starts_at >= self.earliest)
        )


def nearest_first(
    parties: Sequence[Movable], openings: Sequence[Opening], reach: Reach
) -> MovePlan:
    """Each party, in order of its present time, to the nearest window that has room for all of it.

    Nearest is: the own office before others, the same day before other days, then the shortest
    way in time. Places that the plan gives to one party are gone for the next.
    """
    # Those of one slot are equally far from everything.
    sorted_for: dict[int, list[Opening]] = {}
    wanted: dict[int, list[Opening]] = {}
    for party in parties:
        if party.slot_id not in sorted_for:
            sorted_for[party.slot_id] = sorted(openings, key=partial(distance, party))
        wanted[party.booking_id] = sorted_for[party.slot_id]
    return _allocate(parties, wanted, openings, reach)


def exactly(
    parties: Iterable[Movable],
    openings: Sequence[Opening],
    targets: Mapping[int, int],
    reach: Reach,
) -> MovePlan:
    """Each party to the slot that `targets` names for its booking, or it is stuck."""
    by_id = {opening.slot_id: opening for opening in openings}
    wanted = {
        booking_id: [by_id[slot_id]] for booking_id, slot_id in targets.items() if slot_id in by_id
    }
    return _allocate(parties, wanted, openings, reach)


def _allocate(
    parties: Iterable[Movable],
    wanted: Mapping[int, Sequence[Opening]],
    openings: Iterable[Opening],
    reach: Reach,
) -> MovePlan:
    left = {free.quota_id: free.places for opening in openings for free in opening.free.values()}
    moves, stuck = [], []
    for party in sorted(parties, key=lambda party: (party.starts_at, party.booking_id)):
        choices = wanted.get(party.booking_id, ())
        move = _first_that_fits(party, choices, left, reach)
        if move is None:
            stuck.append(party)
        else:
            left[move.quota_id] -= party.places
            moves.append(move)
    return MovePlan(tuple(moves), tuple(stuck))


def _first_that_fits(
    party: Movable, openings: Iterable[Opening], left: Mapping[int, int], reach: Reach
) -> PlannedMove | None:
    for opening in openings:
        if not (reach.covers(party, opening) and suits(party, opening)):
            continue
        for pool in party.pools[opening.office_id]:
            free = opening.free.get(pool)
            if free and left[free.quota_id] >= party.places:
                return PlannedMove(party, opening, free.quota_id)
    return None


def suits(party: Movable, opening: Opening) -> bool:
    """Whether what the party wants is done there, for all of its people."""
    return (
        opening.line_id == party.line_id
        and opening.office_id in party.pools
        and party.services <= opening.offered
        and opening.session_id not in party.barred
    )


def distance(party: Movable, opening: Opening) -> tuple[bool, bool, dt.timedelta, dt.datetime, int]:
    """Sorts windows by how far they are from where a party is booked."""
    return (
        opening.office_id != party.office_id,
        opening.date != party.date,
        abs(opening.starts_at - party.starts_at),
        opening.starts_at,
        opening.slot_id,
    )
