from datetime import date

import pytest
from balie.cli._changes import changes, snapshot, told, watched
from balie.db import Database, audit
from balie_testing.library.models import Book, Loan
from balie_testing.library.vertical import VERTICAL
from sqlalchemy import delete, select, update

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(seeded_database):
    database = Database(path=await seeded_database(VERTICAL))
    yield database
    await database.close()


@pytest.fixture
def difference(database):
    """What a statement or an action changed, in lines."""
    tables = watched(VERTICAL.metadata.sorted_tables)

    async def of(work):
        before = await snapshot(database, tables)
        async with database.write() as session:
            await work(session)
        after = await snapshot(database, tables)
        return [told(change) for change in changes(before, after, tables, database.engine.dialect)]

    return of


async def test_nothing_changed(difference):
    assert await difference(lambda session: session.execute(select(Book))) == []


async def test_a_changed_row_shows_old_and_new_under_its_number(difference):
    lend = update(Book).where(Book.number == "B-101").values(copies=1, title="Moby-Dick")
    assert await difference(lambda session: session.execute(lend)) == [
        "books B-101: title Moby Dick → Moby-Dick, copies 2 → 1"
    ]


async def test_a_new_row_shows_what_is_in_it_and_no_secrets(difference):
    async def lend(session):
        session.add(Loan(book_id="B-101", member="M-1", note="a secret", due=date(2026, 3, 24)))

    (line,) = await difference(lend)
    assert line.startswith("+ loans …")
    assert line.endswith(": book_id B-101, member M-1, note (encrypted), due 2026-03-24")


async def test_a_removed_row(difference):
    lines = await difference(lambda session: session.execute(delete(Loan)))
    assert len(lines) == 1
    assert lines[0].startswith("- loans …")


async def test_what_the_runtime_notes_shows_too(difference):
    (line,) = await difference(
        lambda session: audit.append(
            session, actor="customer:M-1", role="customer", action="borrow_book", subject="book:B-101"
        )
    )
    assert line.startswith("+ audit 1: at ")
    assert "actor customer:M-1, role customer, action borrow_book, subject book:B-101" in line
    assert "hash" not in line
