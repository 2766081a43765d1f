"""The Chinese calendar as a CSV file: read, compared with what is known, taken over as a whole."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from offices.domain.changes import note_change
from offices.enums import HolidayKind, Matters
from offices.models import Bureau, Holiday

_YES = {"1", "yes", "true", "是"}
_NO = {"", "0", "no", "false", "否"}
FIRST_YEAR, LAST_YEAR = 2000, 2099


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A row of the file. `follows_weekday`: 0 is Monday."""

    date: dt.date
    name: str
    name_en: str
    kind: str
    provisional: bool
    follows_weekday: int


COLUMNS = tuple(field.name for field in fields(CalendarDay))
_NEEDED = {"date", "name", "kind"}


@dataclass(frozen=True, slots=True)
class BadRow:
    """`line` of the file, from 1, and what is wrong with it."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What taking a file over would do. Days that are as in the file are in none of the three."""

    added: tuple[CalendarDay, ...]
    changed: tuple[CalendarDay, ...]
    # Provisional days of the file's years that it doesn't have.
    removed: tuple[CalendarDay, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)

    def days_off(self) -> list[dt.date]:
        """Days that become public holidays."""
        written = [*self.added, *self.changed]
        return [day.date for day in written if day.kind == HolidayKind.HOLIDAY]


def read_calendar(text: str) -> tuple[list[CalendarDay], list[BadRow]]:
    """The days of the file in order, and every row that is none."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    days: dict[dt.date, CalendarDay] = {}
    bad: list[BadRow] = []
    try:
        if missing := _NEEDED - set(reader.fieldnames or ()):
            names = ", ".join(sorted(missing))
            return [], [BadRow(1, _("These columns are missing: %(names)s.") % {"names": names})]
        for row in reader:
            try:
                day = _read(row)
                if day.date in days:
                    raise ValueError(_("This day is in the file twice."))
                days[day.date] = day
            except ValueError as error:
                bad.append(BadRow(reader.line_num, str(error)))
    except csv.Error:
        bad.append(BadRow(reader.line_num, _("This is no row of a CSV file.")))
    return [days[date] for date in sorted(days)], bad


def compare(days: Iterable[CalendarDay]) -> CalendarChange:
    """What taking these days over would do. Two queries."""
    by_date = {day.date: day for day in days}
    years = {date.year for date in by_date}
    known = {holiday.date: holiday for holiday in Holiday.objects.filter(date__in=by_date)}
    leftover = Holiday.objects.filter(date__year__in=years, provisional=True)
    return CalendarChange(
        added=tuple(day for date, day in by_date.items() if date not in known),
        changed=tuple(
            day for date, day in by_date.items() if date in known and _of(known[date]) != day
        ),
        removed=tuple(map(_of, leftover.exclude(date__in=by_date))),
    )


def import_days(
    days: Iterable[CalendarDay],
    bureau: Bureau,
    *,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> CalendarChange:
    """Take all of them over, or none: what listens to the calendar has every office published."""
    with transaction.atomic():
        change = compare(days)
        written = [*change.added, *change.changed]
        known = Holiday.objects.in_bulk([day.date for day in written], field_name="date")
        for day in written:
            holiday = known.get(day.date) or Holiday(date=day.date)
            for name, value in asdict(day).items():
                setattr(holiday, name, value)
            holiday.save()
        Holiday.objects.filter(date__in=[day.date for day in change.removed]).delete()
        if not change.is_nothing:
            _note(change, bureau, reason, account, now)
    return change


def _note(
    change: CalendarChange,
    bureau: Bureau,
    reason: str,
    account: AbstractBaseUser,
    now: dt.datetime,
) -> None:
    written = [*change.added, *change.changed]
    years = {str(day.date.year) for day in (*written, *change.removed)}
    note_change(
        Matters.CALENDAR,
        bureau,
        ", ".join(sorted(years)),
        {str(day.date): day.name for day in change.removed},
        {str(day.date): day.name for day in written},
        reason,
        account,
        now,
    )


def _of(holiday: Holiday) -> CalendarDay:
    return CalendarDay(**{name: getattr(holiday, name) for name in COLUMNS})


# --- One row -----------------------------------------------------------------------------------


def _read(row: Mapping[str | None, str | None]) -> CalendarDay:
    """Raises ValueError with a sentence."""
    if None in row:
        raise ValueError(_("There are more cells than columns."))
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    return CalendarDay(
        date=_date(cells["date"]),
        name=_text(cells["name"], 40, needed=True),
        name_en=_text(cells["name_en"], 60),
        kind=_kind(cells["kind"]),
        provisional=_flag(cells["provisional"]),
        follows_weekday=_weekday(cells["follows_weekday"]),
    )


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("“%(text)s” is no date; write 2027-01-31.") % {"text": text}) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_("“%(text)s” is no date; write 2027-01-31.") % {"text": text})
    return day


def _text(text: str, most: int, *, needed: bool = False) -> str:
    if needed and not text:
        raise ValueError(_("The name is missing."))
    if len(text) > most:
        raise ValueError(_("A name has at most %(most)s characters.") % {"most": most})
    return text


def _kind(text: str) -> str:
    if text not in HolidayKind.values:
        kinds = ", ".join(HolidayKind.values)
        raise ValueError(_("“%(text)s” is none of: %(kinds)s.") % {"text": text, "kinds": kinds})
    return text


def _flag(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return text.lower() in _YES


def _weekday(text: str) -> int:
    if text and text not in set("0123456"):
        raise ValueError(_("A weekday is a number from 0 (Monday) to 6 (Sunday)."))
    return int(text or 0)
