"""A column for each day: what is wanted, against what there is."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from bookings.charts.svg import WIDTH, box, drawing, joined, legend, rule, words

SCALE = 52
TOP = 24
HEIGHT = 200
LABELS = 24
LEGEND = 34
LABELS_SHOWN = 12
LOOKS = ("bar-first", "bar-second")


@dataclass(frozen=True, slots=True)
class Column:
    """`parts` stand on each other in front of the outline `room`. `over`: more than there is."""

    label: str
    parts: tuple[int, ...]
    room: int
    title: str
    over: bool = False


def columns(
    label: str, days: Sequence[Column], parts: Sequence[str], room: str, over: str
) -> SafeString:
    """The names of the parts, of the room and of what is marked are its legend."""
    most = max([1, *(max(sum(day.parts), day.room) for day in days)])
    width = (WIDTH - SCALE) / max(len(days), 1)
    floor = TOP + HEIGHT
    every = -(-len(days) // LABELS_SHOWN) or 1
    shapes = _scale(most, floor)
    for at, day in enumerate(days):
        x = SCALE + at * width
        shapes.append(_column(day, x, width, most))
        if at % every == 0:
            middle = x + width / 2
            shapes.append(words(middle, floor + 18, day.label, look="chart-small", anchor="middle"))
    meanings = [*zip(LOOKS, parts, strict=False), ("bar-room", room), ("bar-over", over)]
    shapes += legend(meanings, floor + LABELS + LEGEND - 8)
    return drawing(floor + LABELS + LEGEND, label, shapes)


def _scale(most: int, floor: float) -> list[SafeString]:
    shapes = []
    for share in (0.0, 0.5, 1.0):
        y = floor - share * HEIGHT
        value = f"{round(most * share):,}"
        shapes += [
            rule(SCALE, y, WIDTH, y),
            words(SCALE - 6, y + 4, value, look="chart-small", anchor="end"),
        ]
    return shapes


def _column(day: Column, x: float, width: float, most: int) -> SafeString:
    floor, tall = float(TOP + HEIGHT), HEIGHT / most
    shapes = [
        box("bar-room", x + width * 0.1, floor - day.room * tall, width * 0.8, day.room * tall)
    ]
    y = floor
    for look, value in zip(LOOKS, day.parts, strict=False):
        y -= value * tall
        shapes.append(box(look, x + width * 0.22, y, width * 0.56, value * tall))
    if day.over:
        side = min(width * 0.56, 9)
        shapes.append(box("bar-over", x + (width - side) / 2, y - side - 3, side, side))
    # Over all of it, so that pointing anywhere at the day tells its figures.
    shapes.append(box("bar-all", x, TOP, width, HEIGHT, day.title))
    return joined(shapes)
