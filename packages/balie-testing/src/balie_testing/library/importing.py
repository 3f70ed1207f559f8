"""Books in bulk, by their number."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from balie.importing import Complaint, ImportKind, ImportReport, Line, Plan, RowFault, RowReader
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from .models import Book


class BookRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A book; one that is there already may leave its title out."""

    number: Annotated[str, Meta(pattern=r"^B-[0-9]{3,6}$", description="B- and 3 to 6 digits")]
    copies: Annotated[int, Meta(ge=0, le=1000, description="A whole number from 0 to 1000")]
    title: Annotated[str, Meta(min_length=1, description="At least one character")] | UnsetType = UNSET
    tags: Annotated[dict[str, str | int], Meta(description="An object")] | UnsetType = UNSET


def check(values: dict[str, Any]) -> Iterator[Complaint]:
    """A title has something in it that can be read."""
    if "title" in values:
        values["title"] = values["title"].strip()
        if not values["title"]:
            yield "title", "there is nothing in it", "at least one character"


class BookImporter:
    """Writes books."""

    def __init__(self, *, number_titles: bool = False) -> None:
        self.rows = RowReader(BookRow, check)
        self._number_titles = number_titles

    async def plan(self, session: AsyncSession, lines: Sequence[Line[BookRow]], now: datetime) -> Plan:
        """A new book needs a title."""
        plan = Plan(writes=[])
        numbers = {line.row.number for line in lines}
        there = await session.scalars(select(Book.number).where(Book.number.in_(numbers)))
        known = set(there.all())
        for line in lines:
            title = line.row.title
            if line.row.number not in known and title is UNSET:
                if not self._number_titles:
                    plan.faults.append(RowFault(line.number, "title", "it is missing, and the book is new"))
                    continue
                title = line.row.number
            if line.row.number in known:
                plan.updated += 1
            else:
                plan.created += 1
            known.add(line.row.number)
            plan.writes.append((line.row.number, title, line.row.copies))
        return plan

    async def write(self, session: AsyncSession, plan: Plan, *, in_one: bool) -> None:
        """Write the books."""
        for number, title, copies in plan.writes:
            book = await session.scalar(select(Book).where(Book.number == number))
            if book is None:
                session.add(Book(number=number, title=title, copies=copies))
            else:
                book.copies = copies
                book.title = book.title if title is UNSET else title
        await session.flush()

    async def settle(self, session: AsyncSession) -> bool:
        """Nothing is left for later."""
        return False

    async def finish(self, session: AsyncSession, report: ImportReport, now: datetime) -> None:
        """There is nothing to note."""


IMPORTERS = {
    "books": ImportKind(
        "Books by their number.",
        BookImporter,
        choices={"number_titles": "A new book without a title gets its number as one."},
    )
}
