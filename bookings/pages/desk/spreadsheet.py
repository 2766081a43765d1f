"""Tables as files that a spreadsheet writes and reads: CSV and XLSX.

openpyxl is imported where it is used: few need it, and it takes a tenth of a second.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from zipfile import ZipFile

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from bookings.domain.sheet import decoded
from bookings.pages.desk.table import as_typed, harmless

MOST_BYTES = 1_000_000
MOST_ROWS = 5_000
# What an XLSX file may hold once it is unpacked: a thousandfold is easily packed.
_MOST_UNPACKED = 20_000_000
_MOST_COLUMNS = 50
# No sheet may hold them, and PostgreSQL no NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnreadableFile(Exception):
    """Neither CSV nor XLSX, or too large."""


def xlsx_response(
    filename: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """One sheet whose texts are texts: none of them is taken for a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (head, *rows):
        sheet.append([_cell(value) for value in row])
    response = HttpResponse(content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    book.save(response)
    return response


def _cell(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return harmless(_CONTROLS.sub("", value) if isinstance(value, str) else value)


def read_file(file: UploadedFile) -> list[list[str]]:
    """The cells of the file as text. Raises UnreadableFile, UnknownEncoding."""
    if (file.size or 0) > MOST_BYTES:
        raise UnreadableFile
    content = file.read()
    return _read_xlsx(content) if content.startswith(b"PK") else read_csv(decoded(content))


def read_csv(text: str) -> list[list[str]]:
    """Raises UnreadableFile."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text.lstrip("\ufeff"))), MOST_ROWS + 1))
    except csv.Error as error:
        raise UnreadableFile from error
    if len(rows) > MOST_ROWS:
        raise UnreadableFile
    return [[as_typed(_CONTROLS.sub("", cell)) for cell in row] for row in rows]


def write_csv(table: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in table)
    return text.getvalue()


def _read_xlsx(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise UnreadableFile
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True)
        table = [[as_typed(_CONTROLS.sub("", _text(value))) for value in row] for row in rows]
    # Whatever openpyxl trips over in a broken file: it has no exception of its own for that.
    except Exception as error:
        raise UnreadableFile from error
    if len(table) > MOST_ROWS:
        raise UnreadableFile
    return table


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
