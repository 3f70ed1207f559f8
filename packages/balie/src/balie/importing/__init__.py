"""Many rows at once, from a file or a request: CSV, JSON or JSON Lines, of any length, in constant memory.

A vertical names the kinds of rows that it takes as ``IMPORTERS: Mapping[str, ImportKind]`` and says in an
:class:`Importer` what a row is and how a batch of them is written.
"""

from balie.importing.formats import Format, Unreadable
from balie.importing.report import ImportReport, RowFault
from balie.importing.rows import Check, Complaint, Line, RowReader
from balie.importing.work import BATCH, MOST_FAULTS, By, Import, Importer, ImportKind, ImportRefused, Plan

__all__ = [
    "BATCH",
    "MOST_FAULTS",
    "By",
    "Check",
    "Complaint",
    "Format",
    "Import",
    "ImportKind",
    "ImportRefused",
    "ImportReport",
    "Importer",
    "Line",
    "Plan",
    "RowFault",
    "RowReader",
    "Unreadable",
]
