"""Plots as SVG: one bar a figure with its spread. The same numbers stand in the table beside it."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure

WIDTH = 760
LABELS = 300
VALUES = 110
BAR = 18
ROW = 34
TOP = 44
INK = "#1f2933"
FILL = "#2f6f9f"
SPREAD = "#c2410c"
FONT = "font-family='system-ui, sans-serif'"


def bars(title: str, figures: Sequence[Figure]) -> str:
    """One group of bars for each unit, as scales differ. Nothing to draw: an empty text."""
    units = dict.fromkeys(figure.unit for figure in figures if figure.most > 0)
    parts: list[str] = []
    y = TOP
    for unit in units:
        group = [figure for figure in figures if figure.unit == unit and figure.most > 0]
        parts.append(_text(8, y, unit, weight="600"))
        y += 12
        longest = max(figure.most for figure in group)
        for figure in group:
            parts += _bar(figure, y, longest)
            y += ROW
        y += 20
    if not parts:
        return ""
    # White behind it: the page that shows it may be dark.
    back = f"<rect width='{WIDTH}' height='{y}' fill='#ffffff'/>"
    heading = _text(8, 22, title, size=16, weight="700")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {y}' role='img' "
        f"width='{WIDTH}' height='{y}'><title>{escape(title)}</title>"
        f"{back}{heading}{''.join(parts)}</svg>\n"
    )


def _bar(figure: Figure, y: int, longest: float) -> list[str]:
    room = WIDTH - LABELS - VALUES
    length, least, most = (
        room * value / longest for value in (figure.median, figure.least, figure.most)
    )
    middle = y + BAR / 2
    spread = f"{_short(figure.least)} to {_short(figure.most)}"
    parts = [
        f"<g><title>{escape(figure.name)}: {_short(figure.median)} {escape(figure.unit)}, "
        f"{spread}</title>",
        _text(LABELS - 8, middle + 5, figure.name, anchor="end"),
        f"<rect x='{LABELS}' y='{y}' width='{length:.1f}' height='{BAR}' fill='{FILL}'/>",
    ]
    if len(figure.rounds) > 1:
        parts.append(
            f"<path d='M{LABELS + least:.1f} {middle}H{LABELS + most:.1f}"
            f"M{LABELS + least:.1f} {y + 4}v{BAR - 8}M{LABELS + most:.1f} {y + 4}v{BAR - 8}' "
            f"stroke='{SPREAD}' stroke-width='2' fill='none'/>"
        )
    end = LABELS + max(length, most) + 6
    return [*parts, _text(end, middle + 5, _short(figure.median)), "</g>"]


def _text(
    x: float, y: float, text: str, *, size: int = 13, weight: str = "400", anchor: str = "start"
) -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' {FONT} font-size='{size}' font-weight='{weight}' "
        f"text-anchor='{anchor}' fill='{INK}'>{escape(text)}</text>"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
