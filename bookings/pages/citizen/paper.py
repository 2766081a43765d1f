"""PDF sheets that people print and bring along: text in any script, tables, codes.

The font holds the rare characters of Chinese names as well; a sheet embeds those that it uses.
"""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import structlog
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.shapes import Drawing, PolyLine, Rect
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

log = structlog.get_logger(__name__)

FONT = "NotoSansSC"
_FONT_FILE = Path(__file__).resolve().parents[2] / "fonts" / "NotoSansSC-Regular.ttf"
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
_INK, _RULE = colors.HexColor("#111111"), colors.HexColor("#999999")

Row = tuple[str, str]


@cache
def _styles() -> dict[str, ParagraphStyle]:
    """Parsing the font takes some 60 ms: once a process."""
    pdfmetrics.registerFont(TTFont(FONT, _FONT_FILE))
    text = ParagraphStyle(
        "text", fontName=FONT, fontSize=10.5, leading=16, textColor=_INK, wordWrap="CJK"
    )
    return {
        "text": text,
        "small": ParagraphStyle("small", parent=text, fontSize=9, leading=13),
        "title": ParagraphStyle("title", parent=text, fontSize=18, leading=26, alignment=1),
        "head": ParagraphStyle("head", parent=text, fontSize=12.5, leading=20, spaceBefore=8),
        "middle": ParagraphStyle("middle", parent=text, alignment=1),
        "number": ParagraphStyle("number", parent=text, fontSize=20, leading=28, alignment=1),
    }


def line(text: str, style: str = "text") -> Paragraph:
    shaped = _styles()[style]
    if missing := _missing(text):
        # The signs alone: whose name it is stands in no log.
        log.error("glyphs_missing", signs=missing)
    return Paragraph(escape(text), shaped)


def _missing(text: str) -> list[str]:
    """What the font can't draw: it leaves a box, to be filled in by hand."""
    drawn = pdfmetrics.getFont(FONT).face.charToGlyph
    return sorted({f"U+{ord(one):04X}" for one in text if ord(one) not in drawn and one > " "})


def listed(texts: Sequence[str], *, ticked: bool = False) -> list[Flowable]:
    """With a box before each."""
    boxes = [[_box(ticked=ticked), line(text)] for text in texts]
    if not boxes:
        return []
    table = Table(boxes, colWidths=[7 * mm, WIDTH - 7 * mm])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (0, -1), 6)])
    return [table]


def rows(pairs: Sequence[Row]) -> Table:
    """Labels and values as a ruled table."""
    table = Table(
        [[line(label, "small"), line(value)] for label, value in pairs],
        colWidths=[38 * mm, WIDTH - 38 * mm],
    )
    table.setStyle(
        [("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    )
    return table


def codes(number: str) -> Table:
    """The number as a QR code for phones and as a barcode for hand-held readers (XM-26)."""
    qr = createBarcodeDrawing("QR", value=number, width=32 * mm, height=32 * mm, barLevel="M")
    bars = createBarcodeDrawing("Code128", value=number, barHeight=16 * mm, barWidth=0.42 * mm)
    table = Table([[qr, bars]], colWidths=[WIDTH / 2, WIDTH / 2])
    table.setStyle([("ALIGN", (0, 0), (-1, -1), "CENTER"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
    return table


def gap(millimetres: float = 4) -> Spacer:
    return Spacer(1, millimetres * mm)


def document(title: str, sheets: Sequence[Sequence[Flowable]]) -> bytes:
    """A PDF of A4 sheets, each of which begins on a page of its own."""
    _styles()
    story: list[Flowable] = []
    for number, sheet in enumerate(sheets):
        if number:
            story.append(PageBreak())
        story.extend(sheet)
    written = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    SimpleDocTemplate(written, pagesize=A4, title=title, author="Yihao", **margins).build(story)
    return written.getvalue()


def _box(*, ticked: bool) -> Drawing:
    drawing = Drawing(9, 9)
    drawing.add(Rect(0, 0, 8, 8, fillColor=None, strokeColor=_INK, strokeWidth=0.8))
    if ticked:
        drawing.add(PolyLine([1.5, 4.5, 3.5, 2, 7, 7], strokeColor=_INK, strokeWidth=1.2))
    return drawing
