import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from balie.db import AuditRecord, Conversation, Database, OutboxMessage, TurnRecord, database_url, engine
from balie.errors import ConfigError, Conflict, DatabaseBusy, DatabaseFull, DatabaseUnavailable
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

pytestmark = pytest.mark.anyio
CHILDREN = Path(__file__).with_name("children.py")


def conversation(**fields):
    return Conversation(**{"vertical": "test", "agent": "service", "role": "customer", **fields})


async def count(database, table=Conversation):
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table))


async def add(database, *rows, then=lambda: None):
    async with database.write() as session:
        session.add_all(rows)
        await session.flush()
        then()


async def test_what_is_written_is_there_when_the_block_ends(database):
    async with database.write() as session:
        one = conversation(state={"focus": {"order": "10234"}})
        session.add(one)
    async with database.read() as session:
        found = await session.get_one(Conversation, one.id)
    assert found.state == {"focus": {"order": "10234"}}
    assert found.id.version == 7
    assert found.created_at.tzinfo is UTC


async def test_after_an_error_nothing_of_it_is_there(database):
    with pytest.raises(ZeroDivisionError):
        await add(database, conversation(), then=lambda: 1 / 0)
    assert await count(database) == 0


async def test_what_a_reader_changes_is_thrown_away(database):
    async with database.read() as session:
        session.add(conversation())
        await session.flush()
    assert await count(database) == 0


async def test_a_reader_sees_one_moment_and_does_not_wait_for_a_writer(database):
    async with database.read() as reader:
        before = await reader.scalar(select(func.count()).select_from(Conversation))
        async with database.write() as writer:
            writer.add(conversation())
        assert await reader.scalar(select(func.count()).select_from(Conversation)) == before
    assert await count(database) == before + 1


async def test_writers_wait_for_each_other_so_the_last_unit_is_sold_once(database):
    async with database.write() as session:
        session.add(conversation())
    sold = []

    async def buy(buyer):
        async with database.write() as session:
            unit = (await session.scalars(select(Conversation))).one()
            if unit.identity is None:
                await asyncio.sleep(0)  # let the others try
                unit.identity = buyer
                sold.append(buyer)

    await asyncio.gather(*(buy(f"C-{n}") for n in range(20)))
    assert len(sold) == 1


async def test_processes_wait_for_each_other_too(database, url):
    async with database.write() as session:
        session.add(conversation())
    children = [sys.executable, CHILDREN, "take_last_unit", "6", url]
    outcome = subprocess.run(children, capture_output=True, text=True, check=True)
    assert outcome.stdout.split() == ["sold"]


async def test_a_killed_process_leaves_all_of_its_write_or_nothing(database, url):
    # Children 0 to 3 are killed before their commit, child 4 after it, child 5 not at all.
    children = [sys.executable, CHILDREN, "die", "6", url]
    subprocess.run(children, capture_output=True, text=True, check=True)
    async with database.read() as session:
        for column in (Conversation.identity, OutboxMessage.recipient, AuditRecord.actor):
            assert sorted(await session.scalars(select(column))) == ["child 4", "child 5"]


async def test_a_cancelled_write_leaves_nothing_and_frees_its_turn(database):
    inside = asyncio.Event()

    async def slow():
        async with database.write() as session:
            session.add(conversation())
            await session.flush()
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(slow())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as session:
        session.add(conversation(identity="next"))
    async with database.read() as session:
        assert (await session.scalars(select(Conversation.identity))).all() == ["next"]


async def test_a_change_of_what_somebody_else_changed_meanwhile_is_a_conflict(database):
    async with database.write() as session:
        session.add(one := conversation())
    async with database.read() as session:
        stale = await session.get_one(Conversation, one.id)
    async with database.write() as session:
        (await session.get_one(Conversation, one.id)).agent = "technical"
    stale.agent = "billing"
    with pytest.raises(Conflict):
        async with database.write() as session:
            session.add(stale)


async def test_a_fault_of_the_code_stays_what_it_is(database):
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(conversation(role=None))


async def test_turns_are_numbered_once(database):
    async with database.write() as session:
        session.add(one := conversation())
    same = [TurnRecord(conversation_id=one.id, number=1, speaker="person") for _ in range(2)]
    with pytest.raises(IntegrityError):
        await add(database, *same)


async def test_a_conversation_that_goes_takes_its_turns_along(database):
    async with database.write() as session:
        session.add(one := conversation())
        await session.flush()
        session.add(TurnRecord(conversation_id=one.id, number=1, speaker="person", message="hello"))
    async with database.write() as session:
        await session.delete(one)
    assert await count(database, TurnRecord) == 0


async def test_rows_of_every_kind_of_fetch(database):
    async with database.write() as session:
        session.add_all([conversation(identity=f"C-{n:03}") for n in range(250)])
    async with database.read() as session:
        in_order = select(Conversation.identity).order_by(Conversation.identity)
        assert len((await session.scalars(in_order)).all()) == 250
        assert (await session.scalars(in_order)).first() == "C-000"
        assert (await session.scalars(in_order)).fetchmany(2) == ["C-000", "C-001"]
        streamed = [identity async for identity in await session.stream_scalars(in_order)]
        assert streamed[-1] == "C-249"


async def test_a_database_that_stays_locked_is_busy(file_database, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.02)
    impatient = Database(path=file_database.path)
    other = sqlite3.connect(file_database.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy):
        async with impatient.write():
            pass
    other.execute("ROLLBACK")
    other.close()
    async with impatient.write() as session:
        session.add(conversation())
    await impatient.close()


async def test_a_writer_that_never_ends_keeps_the_others_waiting_only_so_long(database, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.02)
    async with database.write() as session:
        with pytest.raises(DatabaseBusy):
            async with database.write():
                pass
        session.add(conversation())
    assert await count(database) == 1


async def test_a_full_disk_is_said_and_nothing_is_saved(file_database):
    async with file_database.read() as session:  # the connection that the write will take
        await session.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(DatabaseFull, match="full"):
        await add(file_database, conversation(state="x" * 1_000_000))
    assert await count(file_database) == 0


async def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "letter.db"
    file.write_text("Dear madam, " * 1000)
    db = Database(path=file)
    with pytest.raises(DatabaseUnavailable, match="letter"):
        async with db.read():
            pass
    await db.close()


async def test_a_database_where_there_is_none(database, tmp_path):
    (tmp_path / "folder.db").mkdir()
    nowhere = f"sqlite:///{tmp_path}/folder.db" if database.is_sqlite else "postgresql://balie@127.0.0.1:1/x"
    db = Database(nowhere)
    with pytest.raises(DatabaseUnavailable):
        async with db.write():
            pass
    await db.close()


def test_a_folder_that_can_not_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match="can't be made"):
        Database(path=tmp_path / "file" / "desk.db")


@pytest.mark.parametrize(
    "url", [None, "", "sqlite://", "sqlite:///:memory:", "mysql://host/name", "nonsense"]
)
def test_a_url_that_can_not_be_used(url):
    with pytest.raises(ConfigError):
        Database(url)


def test_where_a_verticals_database_is(data_folder):
    assert Database(database_url("retail-kiosk")).path == data_folder / "retail-kiosk.db"
    assert database_url("retail-kiosk", "postgresql://h/{vertical}") == "postgresql://h/retail_kiosk"


async def test_confirmed_writes_outlive_a_power_cut(file_database):
    async with file_database.read() as session:
        pragmas = [
            await session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert pragmas == ["wal", 2, 1, 5000]


def test_a_time_without_a_zone_gets_nowhere():
    with pytest.raises(ValueError, match="no time zone"):
        Conversation.__table__.c.created_at.type.process_bind_param(datetime(2026, 3, 10), None)
