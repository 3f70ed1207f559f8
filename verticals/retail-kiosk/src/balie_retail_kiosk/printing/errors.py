"""What can be wrong with a printer, in words for whoever stands before it.

::

    PrinterError            printer
    ├── NoPrinter               printer-none        the settings name none
    ├── PrinterMissing          printer-missing     it is not there, or nobody answers at its address
    ├── PaperOut                printer-paper       there is no paper in it
    └── PrinterBusy             printer-busy        it takes no data: the lid is open, or it is switched off
"""

from balie.errors import BalieError
from balie.locales import marked


class PrinterError(BalieError):
    """The printer did not print. ``str(error)`` is an English sentence that the catalog translates.

    Args:
        begun: whether the printer may have taken some of the data, so that a second try could print twice.
    """

    slug = "printer"
    status = 503
    words = marked("The printer does not work.")

    def __init__(self, *, begun: bool = False) -> None:
        super().__init__(self.words)
        self.begun = begun


class NoPrinter(PrinterError):
    """The settings name none."""

    slug = "printer-none"
    words = marked("No printer is set up.")


class PrinterMissing(PrinterError):
    """The printer is not there, or nobody answers at its address."""

    slug = "printer-missing"
    words = marked("The printer can't be reached.")


class PaperOut(PrinterError):
    """There is no paper in it."""

    slug = "printer-paper"
    words = marked("The printer has no paper.")


class PrinterBusy(PrinterError):
    """It takes no data: its lid is open, or it is switched off."""

    slug = "printer-busy"
    words = marked("The printer does not answer. Perhaps its lid is open.")
