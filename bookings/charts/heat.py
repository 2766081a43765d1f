"""A heat map: one cell for each weekday and hour, with its figure and its level as a pattern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from bookings.charts.svg import WIDTH, box, drawing, joined, legend, words

LABELS = 88
HEAD = 24
ROW = 36
GAP = 2
LEGEND = 34


@dataclass(frozen=True, slots=True)
class Cell:
    """`level` is plenty, some, few or full, `text` the figure, `title` the whole of it."""

    level: str
    text: str
    title: str


def heat_map(
    label: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], Cell],
    levels: Sequence[tuple[str, str]],
) -> SafeString:
    """`cells` by positions of row and column; `levels` and their words are its legend."""
    width = (WIDTH - LABELS) / max(len(columns), 1)
    height = HEAD + ROW * len(rows) + LEGEND
    shapes = [
        words(LABELS + (at + 0.5) * width, HEAD - 8, name, look="chart-small", anchor="middle")
        for at, name in enumerate(columns)
    ]
    shapes += [words(0, HEAD + (at + 0.5) * ROW + 5, name) for at, name in enumerate(rows)]
    shapes += [_cell(cell, at, width) for at, cell in cells.items()]
    shapes += legend([(f"heat-{level}", word) for level, word in levels], height - 6)
    return drawing(height, label, shapes)


def _cell(cell: Cell, at: tuple[int, int], width: float) -> SafeString:
    row, column = at
    x, y = LABELS + column * width, HEAD + row * ROW
    middle = x + width / 2
    return joined(
        [
            box(f"heat-{cell.level}", x, y, width - GAP, ROW - GAP, cell.title),
            # Figures stand on plain ground, or the pattern would run through them.
            box("heat-plate", middle - 20, y + 8, 38, ROW - 18),
            words(middle - 1, y + ROW / 2 + 4, cell.text, look="chart-small", anchor="middle"),
        ]
    )
