"""The requirement rows of docs/requirements.md, as the test plugin and `make rows` read them."""

import re
from dataclasses import dataclass
from pathlib import Path

_ROW = re.compile(r"^\| (?P<id>[A-Z]{2}-\d{2}) \|(?P<cells>.+)\| (?P<priority>P[123]) \|$")
_CELLS = ("practice", "english", "capability", "acceptance")


@dataclass(frozen=True, slots=True)
class Row:
    """One practice of a city, what it asks of the product, and the example that shows it."""

    id: str
    practice: str
    english: str
    capability: str
    acceptance: str
    priority: str


def read_rows(path: Path) -> dict[str, Row]:
    """Rows by id, in the order of the page. Raises ValueError where a row is not well formed."""
    rows: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _ROW.match(line)
        if match is None:
            continue
        row = _row(match)
        if row.id in rows:
            raise ValueError(f"{path.name} lists {row.id} twice.")
        rows[row.id] = row
    return rows


def _row(match: re.Match[str]) -> Row:
    cells = [cell.strip() for cell in match["cells"].split("|")]
    if len(cells) != len(_CELLS) or not all(cells):
        raise ValueError(f"{match['id']} needs the cells {', '.join(_CELLS)}.")
    practice, english, capability, acceptance = cells
    return Row(match["id"], practice, english, capability, acceptance, match["priority"])
