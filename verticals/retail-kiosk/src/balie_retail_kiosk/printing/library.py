"""python-escpos, imported when something has to be printed: it reads a file of 35 kinds of printers first."""

import os
from types import ModuleType

from balie import locations


def escpos() -> ModuleType:
    """The library, with the modules that are used here.

    It keeps what it has read as a pickle; in the cache folder, which nobody else can write, rather than in a
    new temporary folder for every process.
    """
    os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", str(locations.cache()))
    import escpos
    import escpos.capabilities
    import escpos.constants
    import escpos.exceptions
    import escpos.printer

    return escpos
