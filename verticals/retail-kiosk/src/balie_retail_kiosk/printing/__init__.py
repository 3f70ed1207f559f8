"""A quote on paper: as PDF, or by the kiosk's receipt printer.

Libraries are imported when something is printed, since nobody should wait for them at a start.
"""

from balie_retail_kiosk.printing.beside import beside
from balie_retail_kiosk.printing.devices import Printer, open_printer
from balie_retail_kiosk.printing.errors import NoPrinter, PaperOut, PrinterBusy, PrinterError, PrinterMissing
from balie_retail_kiosk.printing.pdf import quote_pdf
from balie_retail_kiosk.printing.receipt import print_quote, test_page
from balie_retail_kiosk.printing.sheet import Beside

__all__ = [
    "Beside",
    "NoPrinter",
    "PaperOut",
    "Printer",
    "PrinterBusy",
    "PrinterError",
    "PrinterMissing",
    "beside",
    "open_printer",
    "print_quote",
    "quote_pdf",
    "test_page",
]
