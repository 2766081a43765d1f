"""Days of a series, e.g. seven Saturdays (FS-20). Pure: plain values in, plain values out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice, takewhile

# Further than a year nobody plans sessions; what has no end of its own ends here.
LONGEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every week on some weekdays (0 = Monday), from a first day on.

    It ends after so many `times`, after the day `until`, or after whichever comes first.
    """

    first: dt.date
    weekdays: frozenset[int]
    times: int | None = None
    until: dt.date | None = None

    def days(self, leave_out: Collection[dt.date] = ()) -> list[dt.date]:
        """In order. A day that is left out doesn't count as one of the times."""
        last = min(self.until or dt.date.max, self.first + LONGEST)
        all_days = (self.first + dt.timedelta(days=n) for n in range(LONGEST.days + 1))
        wanted = (
            day
            for day in takewhile(lambda day: day <= last, all_days)
            if day.weekday() in self.weekdays and day not in leave_out
        )
        return list(islice(wanted, self.times))
