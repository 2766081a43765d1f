"""Plots as SVG: one bar a figure with its spread. The same numbers stand in the table beside it."""

from collections.abc import Sequence
from html import escape

from bench.figures import Figure

BARS = 350
VALUES = 110
MARGIN = 16
# Of one letter, on average and then some.
LETTER = 7.2
BAR = 18
ROW = 34
TOP = 44
INK = "#1f2933"
FILL = "#2f6f9f"
SPREAD = "#c2410c"
FONT = "font-family='system-ui, sans-serif'"


def bars(title: str, figures: Sequence[Figure]) -> str:
    """One group of bars for each unit, as scales differ. Nothing to draw: an empty text."""
    drawn = [figure for figure in figures if figure.most > 0]
    if not drawn:
        return ""
    labels = round(MARGIN + LETTER * max(len(figure.name) for figure in drawn))
    width = labels + BARS + VALUES
    parts: list[str] = []
    y = TOP
    for unit in dict.fromkeys(figure.unit for figure in drawn):
        group = [figure for figure in drawn if figure.unit == unit]
        parts.append(_text(8, y, unit, weight="600"))
        y += 12
        longest = max(figure.most for figure in group)
        for figure in group:
            parts += _bar(figure, labels, y, longest)
            y += ROW
        y += 20
    # White behind it: the page that shows it may be dark.
    back = f"<rect width='{width}' height='{y}' fill='#ffffff'/>"
    heading = _text(8, 22, title, size=16, weight="700")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {y}' role='img' "
        f"width='{width}' height='{y}'><title>{escape(title)}</title>"
        f"{back}{heading}{''.join(parts)}</svg>\n"
    )


def _bar(figure: Figure, labels: int, y: int, longest: float) -> list[str]:
    length, least, most = (
        BARS * value / longest for value in (figure.median, figure.least, figure.most)
    )
    middle = y + BAR / 2
    spread = f"{_short(figure.least)} to {_short(figure.most)}"
    parts = [
        f"<g><title>{escape(figure.name)}: {_short(figure.median)} {escape(figure.unit)}, "
        f"{spread}</title>",
        _text(labels - 8, middle + 5, figure.name, anchor="end"),
        f"<rect x='{labels}' y='{y}' width='{length:.1f}' height='{BAR}' fill='{FILL}'/>",
    ]
    if len(figure.rounds) > 1:
        parts.append(
            f"<path d='M{labels + least:.1f} {middle}H{labels + most:.1f}"
            f"M{labels + least:.1f} {y + 4}v{BAR - 8}M{labels + most:.1f} {y + 4}v{BAR - 8}' "
            f"stroke='{SPREAD}' stroke-width='2' fill='none'/>"
        )
    end = labels + max(length, most) + 6
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
