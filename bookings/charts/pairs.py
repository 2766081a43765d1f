"""Before and after: two bars for each figure, on a scale of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from bookings.charts.svg import WIDTH, box, drawing, joined, legend, words

LABELS = 210
VALUES = 130
BAR = 18
ROW = 56
LEGEND = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of two periods; `change` is said behind the second bar."""

    label: str
    before: float
    after: float
    change: str = ""


def pairs(label: str, figures: Sequence[Pair], before: str, after: str) -> SafeString:
    height = ROW * len(figures) + LEGEND
    shapes = [_pair(figure, at * ROW + 8) for at, figure in enumerate(figures)]
    shapes += legend([("bar-before", before), ("bar-first", after)], height - 6)
    return drawing(height, label, shapes)


def _pair(figure: Pair, y: float) -> SafeString:
    longest = max(figure.before, figure.after) or 1
    room = WIDTH - LABELS - VALUES
    shapes = [words(0, y + BAR + 5, figure.label)]
    rows = (("bar-before", figure.before, ""), ("bar-first", figure.after, figure.change))
    for at, (look, value, change) in enumerate(rows):
        length, top = room * value / longest, y + at * (BAR + 3)
        said = f"{number(value)} {change}".strip()
        shapes.append(box(look, LABELS, top, max(length, 1), BAR))
        shapes.append(words(LABELS + length + 8, top + 14, said, look="chart-small"))
    return joined(shapes)


def number(value: float) -> str:
    """Whole where it is: 80, 152.5."""
    return f"{value:,.1f}".removesuffix(".0")
