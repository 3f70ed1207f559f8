"""What came of an import: how many rows did what, and what is wrong with which."""

from typing import Annotated

import msgspec
from msgspec import Meta


class RowFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with a row."""

    row: Annotated[
        int, Meta(description="As a spreadsheet or an editor counts: a CSV's header is row 1", ge=1)
    ]
    field: Annotated[str, Meta(description="The field or column; empty where it is the whole row")]
    wrong: Annotated[str, Meta(description="What is wrong")]
    right: Annotated[str, Meta(description="What would be right")] = ""


class ImportReport(msgspec.Struct, kw_only=True):
    """What came of an import.

    ``rows`` are all that were read; each was ``created``, ``updated``, ``unchanged`` or ``rejected``. With
    all or nothing and a fault nothing is written, and the three others are 0.
    """

    kind: Annotated[str, Meta(description="What was imported")]
    all_or_nothing: bool = False
    rows: Annotated[int, Meta(description="Rows that were read")] = 0
    created: int = 0
    updated: int = 0
    unchanged: Annotated[int, Meta(description="Rows that said what was known already")] = 0
    rejected: Annotated[int, Meta(description="Rows with a fault")] = 0
    faults: Annotated[list[RowFault], Meta(description="The first faults, in the order of the rows")] = []
    more_faults: Annotated[int, Meta(description="Faults beyond those that are listed")] = 0
    stopped: Annotated[str, Meta(description="Why the rest could not be read; empty if all was")] = ""
    seconds: float = 0.0

    @property
    def accepted(self) -> int:
        """Rows that are in the database as they were given."""
        return self.created + self.updated + self.unchanged

    @property
    def is_clean(self) -> bool:
        """Every row was read, and none has a fault."""
        return not self.rejected and not self.stopped
