"""An import of books into the small library: what is written, what is told, and what is left alone."""

import pytest
from balie.db import AuditRecord, outbox
from balie.importing import BATCH, Format, ImportRefused, Unreadable
from balie_testing.library.importing import BookImporter
from balie_testing.library.models import Book
from sqlalchemy import func, select

pytestmark = pytest.mark.anyio


def many(rows, fault_at=None):
    lines = [f"B-{number:06},{number % 7},Title {number}" for number in range(1, rows + 1)]
    if fault_at:
        lines[fault_at - 1] = f"B-{fault_at:06},many,Title"
    return "\n".join(["number,copies,title", *lines])


@pytest.fixture
def books(database):
    async def counted():
        async with database.read() as session:
            return await session.scalar(select(func.count()).select_from(Book))

    return counted


@pytest.fixture
def audited(database):
    async def records():
        async with database.read() as session:
            return (await session.scalars(select(AuditRecord))).all()

    return records


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        ("number,copies,title\nB-101,5,\nB-200,1,Ulysses\n", Format.CSV),
        (
            '[{"number": "B-101", "copies": 5}, {"number": "B-200", "copies": 1, "title": "Ulysses"}]',
            Format.JSON,
        ),
        (
            '{"number": "B-101", "copies": 5}\n{"number": "B-200", "copies": 1, "title": "Ulysses"}',
            Format.JSONL,
        ),
    ],
    ids=["csv", "json", "jsonl"],
)
@pytest.mark.parametrize("all_or_nothing", [False, True], ids=["batches", "all or nothing"])
async def test_the_same_rows_in_each_format(bring, database, audited, content, format_, all_or_nothing):
    report = await bring(content, format_, all_or_nothing=all_or_nothing)
    assert (report.rows, report.created, report.updated, report.rejected) == (2, 1, 1, 0)
    async with database.read() as session:
        found = dict((await session.execute(select(Book.title, Book.copies))).all())
    assert found == {"Moby Dick": 5, "Emma": 0, "Dracula": 1, "Ulysses": 1}
    (record,) = await audited()
    assert (record.actor, record.action, record.subject) == ("test", "import_books", "import:books")
    assert (record.detail["rows"], record.detail["created"]) == (2, 1)


async def test_every_fault_of_a_row_is_told_and_the_others_are_written(bring, books):
    rows = [
        '{"number": "B-200", "copies": 1, "title": "Ulysses"}',
        '{"number": "X", "copies": "two", "title": " ", "tilte": "?"}',
        '{"copies": 2000}',
        "[1, 2]",
        "no json",
        '{"number": "B-999", "copies": 1}',
        '{"number": "B-201", "copies": 1, "title": "Persuasion"}',
    ]
    report = await bring("\n".join(rows), Format.JSONL)
    assert (report.rows, report.created, report.rejected) == (7, 2, 5)
    assert {(fault.row, fault.field) for fault in report.faults} == {
        *((2, name) for name in ("number", "copies", "title", "tilte")),
        *((3, name) for name in ("number", "copies")),
        *((4, ""), (5, ""), (6, "title")),
    }
    told = {(fault.row, fault.field): fault for fault in report.faults}
    assert told[2, "copies"].wrong == '"two" can\'t be taken'
    assert told[2, "copies"].right == "A whole number from 0 to 1000"
    assert told[2, "tilte"].right == "title"
    assert told[3, "number"].wrong == "it is missing"
    assert [fault.row for fault in report.faults] == sorted(fault.row for fault in report.faults)
    assert await books() == 5


async def test_no_more_faults_are_listed_than_wanted(bring):
    report = await bring("number,copies\n" + "X,1\n" * 30, Format.CSV, most_faults=10)
    assert (report.rejected, len(report.faults), report.more_faults) == (30, 10, 20)


@pytest.mark.parametrize("fault_at", [3, BATCH + 3, 2 * BATCH])
async def test_all_or_nothing_with_a_fault_writes_nothing(bring, books, audited, fault_at):
    with pytest.raises(
        ImportRefused, match=f"1 of {2 * BATCH} rows have a fault; nothing was written"
    ) as caught:
        await bring(many(2 * BATCH, fault_at), Format.CSV, all_or_nothing=True)
    facts = caught.value.facts
    assert (facts["rows"], facts["created"], facts["rejected"]) == (2 * BATCH, 0, 1)
    assert facts["faults"][0]["row"] == fault_at + 1
    assert await books() == 3
    assert await audited() == []


async def test_all_or_nothing_tells_the_faults_of_every_batch(bring, books):
    untitled = many(BATCH) + "\nB-900001,1,\n" + many(BATCH).partition("\n")[2] + "\nB-900002,1,\n"
    with pytest.raises(ImportRefused) as caught:
        await bring(untitled, Format.CSV, all_or_nothing=True)
    assert [fault["row"] for fault in caught.value.facts["faults"]] == [BATCH + 2, 2 * BATCH + 3]
    assert await books() == 3


async def test_a_file_that_breaks_off_keeps_what_was_before(bring, books, audited):
    broken = many(BATCH + 10) + '\nB-999999,1,"Title'
    with pytest.raises(Unreadable, match="is not closed") as caught:
        await bring(broken, Format.CSV)
    assert (caught.value.facts["created"], caught.value.facts["rows"]) == (BATCH + 10, BATCH + 10)
    assert await books() == 3 + BATCH + 10
    (record,) = await audited()
    assert "is not closed" in record.detail["stopped"]


async def test_all_or_nothing_of_a_file_that_breaks_off_is_nothing(bring, books):
    with pytest.raises(Unreadable, match="is not closed") as caught:
        await bring(many(BATCH + 10) + '\nB-999999,1,"Title', Format.CSV, all_or_nothing=True)
    assert caught.value.facts["created"] == 0
    assert await books() == 3


async def test_writers_come_in_between(bring, database):
    """Between two batches somebody else writes; during the reading of all or nothing too."""
    writes = []

    class Interrupted(BookImporter):
        async def write(self, session, plan, **how):
            await super().write(session, plan, **how)
            if len(writes) == 1:
                # Its turn comes as soon as this transaction ends.
                import asyncio

                writes.append(asyncio.create_task(self.other()))

        async def other(self):
            async with database.write() as session:
                writes.append(await session.scalar(select(func.count()).select_from(Book)))
                await outbox.enqueue(session, topic="t", recipient="r", payload={})

    writes.append(None)
    report = await bring(many(3 * BATCH), Format.CSV, importer=Interrupted())
    assert report.created == 3 * BATCH
    await writes[1]
    assert writes[2] == 3 + BATCH


async def test_what_was_written_before_a_failure_is_on_record(bring, books, audited):
    class BreaksError(Exception):
        pass

    class Breaks(BookImporter):
        batches = 0

        async def write(self, session, plan, **how):
            self.batches += 1
            if self.batches == 2:
                raise BreaksError
            await super().write(session, plan, **how)

    with pytest.raises(BreaksError):
        await bring(many(2 * BATCH), Format.CSV, importer=Breaks())
    assert await books() == 3 + BATCH
    (record,) = await audited()
    assert (record.detail["created"], record.detail["stopped"]) == (BATCH, "BreaksError")
