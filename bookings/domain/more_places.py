"""How many percent more places the figures of a day ask for. Pure.

    percent = limit + waiting − missed + history        0 ≤ percent ≤ MOST_PERCENT

- limit: the policy's `suggest_more_percent`, once taken ÷ capacity reaches
  `suggest_above_percent`; else 0. "90 % taken on D-1 → +20 %" (FS-11).
- waiting: the places that people on the waiting list want beyond those that are left ÷ capacity.
- missed: the places that people who are booked will leave empty, if as many of them stay away as
  in the last weeks ÷ capacity. The hall has room for as many others.
- history: the people whom the same weekdays brought beyond the day's bookable places ÷ those
  places, over all lines of the office.

Each is a whole percent: what asks for more is rounded up, what asks for less is rounded down.
Nothing is suggested unless the limit is reached or somebody waits for whom no place is left.
"""

from dataclasses import dataclass

# Half as many again. Beyond that a hall needs counters or sessions, not numbers.
MOST_PERCENT = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one line on one day. What isn't known is 0."""

    # Online places; at least one.
    capacity: int
    taken: int
    # Places that the people on the waiting list want.
    waiting: int = 0
    # Percent of the bookings that were missed lately.
    missed: int = 0
    # What the same weekdays brought, and what all lines of the office can have booked that day.
    people: int = 0
    bookable: int = 0

    @property
    def unserved(self) -> int:
        return max(self.waiting - (self.capacity - self.taken), 0)

    def reach(self, above: int) -> bool:
        return self.taken * 100 >= self.capacity * above


@dataclass(frozen=True, slots=True)
class Terms:
    """What each of the figures asks for, in percent, and what it comes to."""

    limit: int
    waiting: int
    missed: int
    history: int
    most: int = MOST_PERCENT

    @property
    def percent(self) -> int:
        return min(max(self.total, 0), self.most)

    @property
    def total(self) -> int:
        return self.limit + self.waiting - self.missed + self.history


NOTHING = Terms(0, 0, 0, 0)


def terms_of(figures: Figures, above: int, more: int) -> Terms:
    """`above` and `more` are the policy's percents; a policy may add more than MOST_PERCENT.

    >>> terms_of(Figures(capacity=100, taken=90), above=90, more=20).percent
    20
    """
    full = figures.reach(above)
    if not (full or figures.unserved):
        return NOTHING
    excess = max(figures.people - figures.bookable, 0) if figures.bookable else 0
    return Terms(
        limit=more if full else 0,
        waiting=_up(figures.unserved * 100, figures.capacity),
        missed=figures.taken * figures.missed // figures.capacity,
        history=_up(excess * 100, figures.bookable),
        most=max(MOST_PERCENT, more),
    )


def _up(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor) if divisor else 0
