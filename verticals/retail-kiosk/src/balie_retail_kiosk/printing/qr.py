"""QR codes, as rows of modules: what draws them is up to the paper."""

QUIET = 4
"""Modules that must stay white around a code (ISO/IEC 18004, 5.3.8)."""


def modules(text: str) -> list[list[bool]]:
    """The code for a text, without its white border; True is dark.

    The level of error correction is M: the code of a number still reads with 15% of it creased.
    """
    from qrcode import constants
    from qrcode.main import QRCode

    code: QRCode = QRCode(error_correction=constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.get_matrix()]
