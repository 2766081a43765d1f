"""Rows of a table as staff fill them in, read cell by cell; every bad one is named."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError

YES, NO = {"yes", "true", "1", "是"}, {"no", "false", "0", "否", ""}
Table = Sequence[Sequence[str]]
# Characters that nobody has defined are what Big5 looks like when it is read as GB 18030, and NUL
# is what UTF-16 does.
_GUESSED_WRONGLY = re.compile("[\0\ue000-\uf8ff]")


@dataclass
class UnknownEncoding(BookingError):
    """A file in neither of the two encodings that spreadsheets here save."""

    code: ClassVar[str] = "unknown_encoding"

    @property
    def message(self) -> str:
        return _(
            "This file is neither in UTF-8 nor in GB 18030. "
            "Save it as “CSV UTF-8” and choose it again."
        )


def decoded(content: bytes) -> str:
    """UTF-8, or what Chinese spreadsheets save. Raises UnknownEncoding."""
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise UnknownEncoding from error
    if _GUESSED_WRONGLY.search(text):
        raise UnknownEncoding
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in `line` of a file (from 1, its head included); `column` may be empty."""

    line: int
    column: str
    text: str


@dataclass(slots=True)
class Cells:
    """One row. A cell that can't be read adds a problem and stands for nothing."""

    line: int
    values: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, text: str) -> None:
        self.problems.append(Problem(self.line, column, text))

    def text(self, column: str, most: int) -> str:
        value = self.values.get(column, "")
        if len(value) > most:
            self.refuse(column, _("At most %(most)s characters.") % {"most": most})
        return value

    def number(self, column: str, most: int, least: int = 0) -> int | None:
        value = self.values.get(column, "")
        if not value:
            return None
        if not value.isdecimal() or len(value) > 9 or not least <= int(value) <= most:
            text = _("Enter a whole number from %(least)s to %(most)s.")
            self.refuse(column, text % {"least": least, "most": most})
            return None
        return int(value)

    def needed(self, column: str, most: int, least: int = 0) -> int:
        if not self.values.get(column, ""):
            self.refuse(column, _("This cell is empty."))
        return self.number(column, most, least) or 0

    def day(self, column: str) -> dt.date | None:
        value = self.values.get(column, "")
        # A spreadsheet writes 2026/8/3 as well.
        parts = value.replace("/", "-").split("-")
        try:
            return self._of_this_century(dt.date(*map(int, parts))) if value else None
        except (TypeError, ValueError, OverflowError):
            self.refuse(column, _("Enter a day like 2026-08-03."))
            return None

    @staticmethod
    def _of_this_century(day: dt.date) -> dt.date:
        """Raises ValueError for what nobody plans and no calendar reckons with."""
        if not 2000 <= day.year < 2100:
            raise ValueError
        return day

    def needed_day(self, column: str) -> dt.date:
        if not self.values.get(column, ""):
            self.refuse(column, _("This cell is empty."))
        return self.day(column) or dt.date.min

    def time(self, column: str) -> dt.time:
        # A spreadsheet writes 9:00:00 as well.
        hour, minute, *_seconds = [*self.values.get(column, "").split(":"), ""]
        try:
            return dt.time(int(hour), int(minute))
        except (ValueError, OverflowError):
            self.refuse(column, _("Enter a time like 09:00."))
            return dt.time.min

    def choice(self, column: str, known: Collection[str]) -> str:
        value = self.values.get(column, "")
        if value not in known:
            text = _("Unknown. Possible: %(known)s.")
            self.refuse(column, text % {"known": ", ".join(sorted(known))})
        return value

    def yes(self, column: str) -> bool:
        value = self.values.get(column, "").lower()
        if value not in YES | NO:
            self.refuse(column, _("Enter yes or no."))
        return value in YES


def read(table: Table, columns: Sequence[str], needed: Collection[str]) -> list[Cells]:
    """The rows below the head, empty ones left out. Columns may stand in any order."""
    head = [name.strip() for name in table[0]] if table else []
    if missing := [name for name in columns if name in needed and name not in head]:
        row = Cells(1, {})
        row.refuse("", _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
        return [row]
    rows = [
        Cells(line, {name: cell.strip() for name, cell in zip(head, cells, strict=False)})
        for line, cells in enumerate(table[1:], start=2)
    ]
    return [row for row in rows if any(row.values.values())]
