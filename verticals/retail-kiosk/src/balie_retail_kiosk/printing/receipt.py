"""A quote on the paper of a receipt printer, in ESC/POS."""

from __future__ import annotations

import io
import textwrap
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any

from balie_retail_kiosk.printing.library import escpos
from balie_retail_kiosk.printing.sheet import CHAIN, Beside, Sheet, SheetLine, sheet, words_in
from balie_retail_kiosk.printing.text import encodable

if TYPE_CHECKING:
    from escpos.escpos import Escpos

    from balie_retail_kiosk.models import Quote
    from balie_retail_kiosk.printing.devices import Printer

CODE_PAGES = ("CP858", "CP1252", "ISO_8859-15")
"""Those with the euro sign and the letters of Western Europe, the one that most printers have first."""
FEWEST_COLUMNS = 32
"""What a roll of 58 mm has; a profile that names fewer describes a display, or is wrong."""
DOTS = 6
"""Dots to a module of the QR code: 0.75 mm at the usual 203 dots to the inch."""


def print_quote(quote: Quote, printer: Printer, language: str, beside: Beside | None = None) -> None:
    """Print the quote and cut the paper.

    Everything is put together first and then sent at once, so that nothing but the printer can fail half-way.

    Args:
        quote: with its shop and its lines loaded.

    Raises:
        PrinterError: it was not printed, and why.
    """
    said = sheet(quote, words_in(language), beside or Beside())
    printer.send(_commands(printer.profile, partial(_write_quote, said=said)))


def test_page(printer: Printer, language: str, *lines: str) -> None:
    """Print what shows that letters, widths, the code and the knife are right.

    Args:
        lines: which kiosk prints it, and where it stands.

    Raises:
        PrinterError: it was not printed, and why.
    """
    words = words_in(language)
    said = [words("Test page"), *lines]
    printer.send(_commands(printer.profile, partial(_write_test, lines=said)))


class _Paper:
    """Writes to an ESC/POS printer in the letters and the width that it has."""

    def __init__(self, printer: Escpos) -> None:
        self.printer = printer
        self.columns = max(FEWEST_COLUMNS, printer.profile.get_columns("a"))
        # A page may have several slots; the printers that a profile stands for have the first in common.
        known: dict[str, int] = {}
        for slot, page in sorted((int(slot), page) for slot, page in printer.profile.codePages.items()):
            known.setdefault(page, slot)
        printer.magic.encoder.codepages.update(known)
        self.code_page = next((page for page in CODE_PAGES if page in known), "")
        printer.hw("INIT")
        if self.code_page:
            printer.magic.force_encoding(self.code_page)

    def fit(self, text: str) -> str:
        """The text in characters of the printer's code page."""
        if not self.code_page:
            return encodable(text, str.isascii)
        return encodable(text, partial(self.printer.magic.encoder.can_encode, self.code_page))

    def line(self, text: str = "", **style: Any) -> None:
        """A line, or as many as it takes."""
        wide = 2 if style.get("double_width") else 1
        if style:
            self.printer.set(**style)
        for part in textwrap.wrap(self.fit(text), self.columns // wide) or [""]:
            self.printer.text(f"{part}\n")
        if style:
            self.printer.set_with_default()

    def pair(self, left: str, right: str, *, indent: int = 0, **style: Any) -> None:
        """Words to the left, an amount to the right; what is too long goes on in the next line."""
        left, right = self.fit(left), self.fit(right)
        columns = self.columns // (2 if style.get("double_width") else 1)
        lines = textwrap.wrap(left, columns - indent - len(right) - 1, subsequent_indent="    ") or [""]
        room = columns - indent
        lines[0] = f"{lines[0]:<{room - len(right)}}{right}" if right else lines[0]
        if style:
            self.printer.set(**style)
        for part in lines:
            self.printer.text(f"{' ' * indent}{part}\n")
        if style:
            self.printer.set_with_default()

    def rule(self) -> None:
        """A line across."""
        self.printer.text("-" * self.columns + "\n")

    def code(self, text: str) -> None:
        """A QR code in the middle: drawn by the printer where it can, else sent as a picture."""
        medium = escpos().constants.QR_ECLEVEL_M
        printer = self.printer
        printer.set(align="center")
        if printer.profile.supports("qrCode"):
            printer.qr(text, ec=medium, size=DOTS, native=True)
        else:
            raster = "bitImageRaster" if printer.profile.supports("bitImageRaster") else "bitImageColumn"
            # The library prints a remark where the profile does not know how wide the paper is.
            with redirect_stdout(io.StringIO()):
                printer.qr(text, ec=medium, size=DOTS, image_arguments={"impl": raster})
        printer.set_with_default()


def _commands(profile: str, write: Any) -> bytes:
    """What has to be sent to a printer of that profile."""
    printer = escpos().printer.Dummy(profile=profile or None)
    write(_Paper(printer))
    printer.cut()
    return bytes(printer.output)


def _write_quote(paper: _Paper, *, said: Sheet) -> None:
    paper.line(said.chain, align="center", bold=True, double_height=True)
    for line in (*said.shop, *said.opening):
        paper.line(line, align="center")
    paper.rule()
    paper.line(f"{said.title} {said.number}", bold=True, double_height=True, double_width=True)
    for line in (said.made, said.valid, said.member):
        if line:
            paper.line(line)
    paper.rule()
    for each in said.lines:
        _write_line(paper, each)
    paper.rule()
    paper.pair(said.total_label, said.total, bold=True, double_height=True, double_width=True)
    if said.saved:
        paper.line(said.saved, bold=True)
    for label, amount in said.vat:
        paper.pair(label, amount)
    paper.rule()
    paper.code(said.number)
    paper.line(said.number, align="center", bold=True)
    for line in said.closing:
        paper.line(line, align="center")


def _write_line(paper: _Paper, line: SheetLine) -> None:
    paper.pair(f"{line.quantity} {line.name}", line.before)
    paper.line(f"    {'  '.join(part for part in (line.sku, line.each) if part)}")
    if line.discount:
        paper.pair(line.promotions, line.discount, indent=4)


def _write_test(paper: _Paper, *, lines: list[str]) -> None:
    first, *rest = lines
    paper.line(CHAIN, align="center", bold=True, double_height=True)
    paper.line(first, align="center", bold=True)
    for line in rest:
        if line:
            paper.line(line, align="center")
    paper.rule()
    paper.line("€ 12,95  à ä ç é è ë ê ï í ñ ö ó ü ú ÿ")
    paper.line("0123456789" * (paper.columns // 10) + "0123456789"[: paper.columns % 10])
    paper.code(CHAIN)
