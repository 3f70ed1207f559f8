"""The numbers under barcodes: GTIN-8, -12 (UPC-A), -13 (EAN) and -14.

The lengths and the check digit are those of the GS1 General Specifications (section 7.9): counted from the
right, the digits before the check digit weigh 3, 1, 3, 1 …, and the check digit makes the sum a multiple of
ten. In the database all have 14 digits, with zeros in front, as GS1 keeps them.
"""

import re

from stdnum import ean

from balie_retail_kiosk.services.errors import GtinFault, GtinWrong

LENGTHS = (8, 12, 13, 14)
_STORED = 14
_SEPARATORS = re.compile(r"[\s\-.]")
_SCANNED = re.compile(r"\d{8}|\d{12,14}", re.ASCII)


def normalise(text: str) -> str:
    """The number as it is stored, in 14 digits; spaces, dashes and dots between its digits are left out.

    Raises:
        GtinWrong: it has something else than digits, too few or too many, or a wrong check digit.
    """
    digits = _SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise GtinWrong(text.strip(), GtinFault.NOT_DIGITS)
    if len(digits) not in LENGTHS:
        raise GtinWrong(digits, GtinFault.LENGTH)
    right = complete(digits[:-1])
    if digits != right:
        raise GtinWrong(digits, GtinFault.CHECK_DIGIT, right)
    return digits.zfill(_STORED)


def complete(digits: str) -> str:
    """The digits with their check digit behind them."""
    # The weights are counted from the right: zeros in front change nothing.
    return digits + ean.calc_check_digit(digits)


def shown(gtin: str) -> str:
    """The stored number as it is printed under the barcode: the shortest of the four forms that holds it."""
    significant = gtin.lstrip("0")
    length = next(length for length in LENGTHS if length >= len(significant))
    return significant.zfill(length)


def looks_scanned(text: str) -> bool:
    """Whether this is what a scanner types: as many digits as a barcode has, and nothing else.

    The check digit may be wrong; :func:`normalise` says so.
    """
    return _SCANNED.fullmatch(text.strip()) is not None
