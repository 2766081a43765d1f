"""The shapes that all charts are made of."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# As wide as the desk's columns at 1280 px; narrower screens scale it.
WIDTH = 760
# Patterns of desk/includes/chart_patterns.html, which a page with charts holds once. Named here, as
# an address in a stylesheet would be one of the stylesheet to some browsers.
FILLS = {
    "heat-some": "dots",
    "heat-few": "stripes",
    "heat-full": "crossed",
    "bar-second": "dots",
    "bar-before": "stripes",
}


def drawing(height: float, label: str, shapes: Iterable[SafeString]) -> SafeString:
    """An <svg class="chart"> that screen readers announce as `label`."""
    return format_html(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>',
        label,
        WIDTH,
        round(height),
        joined(shapes),
    )


def box(look: str, x: float, y: float, width: float, height: float, title: str = "") -> SafeString:
    """A rectangle whose look is a class; `title` is what pointing at it shows."""
    return format_html(
        '<rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="{}">{}</rect>',
        look,
        f"url(#{FILLS[look]})" if look in FILLS else "none",
        _short(x),
        _short(y),
        _short(width),
        _short(height),
        format_html("<title>{}</title>", title) if title else "",
    )


def words(x: float, y: float, text: object, *, look: str = "", anchor: str = "start") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
        look,
        _short(x),
        _short(y),
        anchor,
        text,
    )


def rule(x1: float, y1: float, x2: float, y2: float, look: str = "chart-axis") -> SafeString:
    ends = [_short(value) for value in (x1, y1, x2, y2)]
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', look, *ends)


def legend(entries: Iterable[tuple[str, str]], y: float) -> list[SafeString]:
    """A row of looks and what they mean."""
    shapes, x = [], 0.0
    for look, meaning in entries:
        shapes += [box(look, x + 1, y - 11, 16, 12), words(x + 23, y, meaning, look="chart-small")]
        x += 46 + sum(13 if ord(letter) > 255 else 7.5 for letter in meaning)
    return shapes


def joined(shapes: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(shapes))  # noqa: S308  Each of them is escaped already.


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
