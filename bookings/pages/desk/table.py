"""Tables as CSV files that a spreadsheet opens rightly."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

# A spreadsheet takes a cell that begins with one of these for a formula; Chinese and Japanese
# ones take the full-width signs as well. https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def csv_response(
    filename: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """`filename` in ASCII; UTF-8 with a byte order mark, without which Excel guesses wrong."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def as_typed(text: str) -> str:
    """What was typed, where `harmless` put a mark before it."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def _lines(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "\ufeff"
    for row in (head, *rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerow([harmless(cell) for cell in row])
        yield buffer.getvalue()


def harmless(cell: object) -> object:
    """Text that no spreadsheet takes for a formula; other values as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
