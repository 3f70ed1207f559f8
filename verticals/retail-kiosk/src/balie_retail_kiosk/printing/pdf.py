"""A quote on a sheet of A4, as PDF: what an office printer takes, and what staff find in the data folder.

The same quote in the same language gives the same bytes. Only fonts that every reader of PDF has are used
(Helvetica, ISO 32000-1 9.6.2.2), in the encoding that has the euro sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from balie_retail_kiosk.printing.qr import modules
from balie_retail_kiosk.printing.sheet import Beside, Sheet, SheetLine, sheet, words_in
from balie_retail_kiosk.printing.text import encodable

if TYPE_CHECKING:
    from fpdf import FPDF

    from balie_retail_kiosk.models import Quote

ENCODING = "cp1252"
"""WinAnsiEncoding, by the name that Python has for it."""
MARGIN = 20.0
"""Millimetres."""
QR_SIZE = 34.0
"""Millimetres: a phone reads it at arm's length."""
_WIDTHS = (14.0, 100.0, 28.0, 28.0)
_GREY = 110


def quote_pdf(quote: Quote, language: str, beside: Beside | None = None) -> bytes:
    """The quote as PDF.

    Args:
        quote: with its shop and its lines loaded.
        language: of the words; falls back to English.
    """
    from fpdf import FPDF
    from fpdf.enums import XPos, YPos

    words = words_in(language)
    paper = sheet(quote, words, beside or Beside())

    class Paper(FPDF):
        """A page that says at its foot which quote it belongs to."""

        def footer(self) -> None:
            self.set_y(-MARGIN + 4)
            self.set_font("Helvetica", size=8)
            self.set_text_color(_GREY)
            self.cell(0, 4, fit(f"{paper.chain}  {paper.number}  {self.page_no()}/{{nb}}"))

    pdf = Paper(format="A4")
    pdf.core_fonts_encoding = ENCODING
    pdf.set_margin(MARGIN)
    pdf.c_margin = 0
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_title(fit(f"{paper.title} {paper.number}"))
    pdf.set_author(paper.chain)
    pdf.set_lang(words.locale)
    pdf.set_creator("Balie")
    pdf.set_producer("Balie")
    pdf.set_creation_date(quote.created_at)
    pdf.add_page()
    down = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
    _head(pdf, paper, down)
    _lines(pdf, paper, down)
    _sums(pdf, paper, down)
    return bytes(pdf.output())


def fit(text: str) -> str:
    """The text in characters that the fonts have."""
    return encodable(text, _has)


def _has(letter: str) -> bool:
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _head(pdf: FPDF, paper: Sheet, down: dict) -> None:
    left = pdf.epw - QR_SIZE - 6
    top = pdf.get_y()
    _code(pdf, paper.number, pdf.l_margin + pdf.epw - QR_SIZE, top)
    pdf.set_font("Helvetica", "B", 12)
    pdf.cell(left, 6, fit(paper.chain), **down)
    _grey(pdf, 9)
    for line in (*paper.shop, *paper.opening):
        pdf.multi_cell(left, 4.4, fit(line), **down)
    pdf.ln(5)
    _black(pdf, 24, "B")
    pdf.cell(left, 11, fit(f"{paper.title} {paper.number}"), **down)
    _black(pdf, 11)
    for line in (paper.made, paper.valid, paper.member):
        if line:
            pdf.multi_cell(left, 5.6, fit(line), **down)
    pdf.set_y(max(pdf.get_y(), top + QR_SIZE) + 6)


def _lines(pdf: FPDF, paper: Sheet, down: dict) -> None:
    _rule(pdf)
    for line in paper.lines:
        if pdf.will_page_break(18):
            pdf.add_page()
        _line(pdf, line, down)
        _rule(pdf, light=True)


def _line(pdf: FPDF, line: SheetLine, down: dict) -> None:
    first, name, middle, last = _WIDTHS
    _black(pdf, 11)
    top = pdf.get_y() + 1.5
    pdf.set_y(top)
    pdf.cell(first, 6, fit(line.quantity))
    pdf.set_xy(pdf.l_margin + first + name + middle, top)
    pdf.cell(last, 6, fit(line.before), align="R")
    pdf.set_xy(pdf.l_margin + first, top)
    pdf.multi_cell(name + middle, 6, fit(line.name), align="L", **down)
    _grey(pdf, 9)
    pdf.set_x(pdf.l_margin + first)
    pdf.cell(name + middle, 4.6, fit("  ·  ".join(part for part in (line.sku, line.each) if part)), **down)
    if line.discount:
        _black(pdf, 10)
        pdf.set_x(pdf.l_margin + first)
        pdf.cell(name + middle, 5.4, fit(line.promotions))
        pdf.cell(last, 5.4, fit(line.discount), align="R", **down)
    pdf.ln(1.5)


def _sums(pdf: FPDF, paper: Sheet, down: dict) -> None:
    if pdf.will_page_break(30 + 5 * len(paper.vat)):
        pdf.add_page()
    left, last = sum(_WIDTHS[:-1]), _WIDTHS[-1]
    pdf.ln(2)
    _black(pdf, 16, "B")
    pdf.cell(left, 10, fit(paper.total_label))
    pdf.cell(last, 10, fit(paper.total), align="R", **down)
    _black(pdf, 10)
    if paper.saved:
        pdf.cell(0, 5.4, fit(paper.saved), **down)
    _grey(pdf, 9)
    for label, amount in paper.vat:
        pdf.cell(left, 4.8, fit(label))
        pdf.cell(last, 4.8, fit(amount), align="R", **down)
    pdf.ln(5)
    for line in paper.closing:
        pdf.multi_cell(0, 4.8, fit(line), **down)


def _code(pdf: FPDF, text: str, x: float, y: float) -> None:
    """The code as black squares: sharp on every printer, and no picture in the file."""
    rows = modules(text)
    size = QR_SIZE / len(rows)
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        start: int | None = None
        for across, dark in enumerate([*row, False]):
            if dark and start is None:
                start = across
            elif not dark and start is not None:
                pdf.rect(x + start * size, y + down * size, (across - start) * size, size, style="F")
                start = None


def _rule(pdf: FPDF, *, light: bool = False) -> None:
    pdf.set_draw_color(200 if light else 0)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.l_margin + pdf.epw, pdf.get_y())


def _black(pdf: FPDF, size: float, style: str = "") -> None:
    pdf.set_text_color(0)
    pdf.set_font("Helvetica", style, size)


def _grey(pdf: FPDF, size: float) -> None:
    pdf.set_text_color(_GREY)
    pdf.set_font("Helvetica", size=size)
