"""Stretches of days for which something holds, both ends included. Pure."""

import datetime as dt
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last; without a last one, until further notice."""

    first: dt.date
    last: dt.date | None = None

    @property
    def _end(self) -> dt.date:
        return self.last or dt.date.max

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self._end

    def meets(self, other: "Days") -> bool:
        """Whether they have a day in common."""
        return self.first <= other._end and other.first <= self._end

    def without(self, other: "Days") -> list["Days"]:
        """What is left before and after the other, in order: none, one or two stretches."""
        if not self.meets(other):
            return [self]
        rest = []
        if self.first < other.first:
            rest.append(Days(self.first, other.first - ONE_DAY))
        if other._end < self._end:
            rest.append(Days(other._end + ONE_DAY, self.last))
        return rest
