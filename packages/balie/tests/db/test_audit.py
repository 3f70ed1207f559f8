import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from balie.db import AuditRecord, audit
from balie.errors import AuditBroken
from balie.monitoring.audit import AuditReport, verify
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

pytestmark = pytest.mark.anyio
CHILDREN = Path(__file__).with_name("children.py")
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
RECORDS = 6


@pytest.fixture
async def log(database):
    """A database with six records, that lets itself be tampered with."""
    async with database.write() as session:
        for number in range(1, RECORDS + 1):
            await audit.append(
                session,
                actor=f"C-{number}",
                role="customer",
                action="cancel_order",
                subject=f"order {number}",
                detail={"number": number, "total": Decimal("1.50"), "note": "één"},
                at=NOW + timedelta(minutes=number),
            )
        if database.is_sqlite:
            await session.execute(text("DROP TRIGGER audit_refuse_update"))
            await session.execute(text("DROP TRIGGER audit_refuse_delete"))
        else:
            await session.execute(text("DROP TRIGGER audit_refuse_change ON audit"))
    return database


async def whole(database, anchor=None):
    async with database.read() as session:
        return await verify(session, anchor=anchor)


async def test_a_log_that_nobody_touched_is_whole(log):
    report = await whole(log)
    assert report.records == RECORDS
    assert report.last_at == NOW + timedelta(minutes=RECORDS)
    assert await whole(log, report) == report


async def test_an_empty_log_is_whole(database):
    assert await whole(database) == AuditReport(0, audit.FIRST_HASH)


async def test_the_detail_comes_back(log):
    async with log.read() as session:
        record = await session.get_one(AuditRecord, 2)
    assert record.detail == {"note": "één", "number": 2, "total": "1.50"}


async def tampered(database, statement, **values):
    """What verifying says after a change, which is then taken back."""
    async with database.read() as session:
        changed = (await session.execute(text(statement), values)).rowcount
        assert changed
        with pytest.raises(AuditBroken) as broken:
            await verify(session)
    return broken.value.facts["sequence"]


def one_character_changed(old, place, other):
    place = min(int(place * len(old)), len(old) - 1)
    if other == old[place]:
        other = ""
    return old[:place] + other + old[place + 1 :]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    sequence=st.integers(1, RECORDS),
    field=st.sampled_from(["actor", "role", "action", "subject", "detail", "previous_hash", "hash"]),
    place=st.floats(0, 1),
    other=st.sampled_from(["", "x", " ", "0", '"']),
)
async def test_any_single_change_is_found(log, sequence, field, place, other):
    async with log.read() as session:
        old = await session.scalar(text(f"SELECT {field} FROM audit WHERE sequence = {sequence}"))
    value = one_character_changed(old, place, other)
    statement = f"UPDATE audit SET {field} = :value WHERE sequence = :sequence"
    assert await tampered(log, statement, value=value, sequence=sequence) == sequence


@pytest.mark.parametrize("microseconds", [-1, 1, 3_600_000_000])
async def test_another_time_is_found(log, microseconds):
    value = NOW + timedelta(minutes=2, microseconds=microseconds)
    stored = value.replace(tzinfo=None).isoformat(" ") if log.is_sqlite else value
    assert await tampered(log, "UPDATE audit SET at = :value WHERE sequence = 2", value=stored) == 2


async def test_a_time_that_is_none_is_found(log):
    if log.is_sqlite:  # PostgreSQL would not store it
        statement = "UPDATE audit SET at = 'yesterday' WHERE sequence = 2"
        assert await tampered(log, statement) == 2


@pytest.mark.parametrize("sequence", range(1, RECORDS))
async def test_a_record_taken_out_is_found(log, sequence):
    assert await tampered(log, "DELETE FROM audit WHERE sequence = :gone", gone=sequence) == sequence


async def test_a_record_taken_out_with_the_gap_closed_is_found(log):
    async with log.write() as session:
        await session.execute(text("DELETE FROM audit WHERE sequence = 3"))
        for later in (4, 5, 6):
            await session.execute(text(f"UPDATE audit SET sequence = {later - 1} WHERE sequence = {later}"))
    with pytest.raises(AuditBroken, match="record 3 does not follow"):
        await whole(log)


async def test_a_record_put_before_the_first_is_found(log):
    copied = "at, actor, role, action, subject, detail, previous_hash, hash"
    statement = f"INSERT INTO audit (sequence, {copied}) SELECT 0, {copied} FROM audit WHERE sequence = 1"
    assert await tampered(log, statement) == 1


async def test_two_records_in_another_order_are_found(log):
    async with log.write() as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            await session.execute(text(f"UPDATE audit SET sequence = {new} WHERE sequence = {old}"))
    with pytest.raises(AuditBroken, match="record 2"):
        await whole(log)


async def test_the_last_ones_taken_out_show_against_what_was_noted(log):
    noted = await whole(log)
    async with log.write() as session:
        await session.execute(text("DELETE FROM audit WHERE sequence > 4"))
    assert (await whole(log)).records == 4  # the chain that is left holds
    with pytest.raises(AuditBroken, match="record 5 is missing: 6 were noted"):
        await whole(log, noted)
    async with log.write() as session:
        for _ in range(3):
            await audit.append(session, actor="forger", role="staff", action="x", subject="y")
    with pytest.raises(AuditBroken, match="record 6 is not the one that was noted"):
        await whole(log, noted)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'me'", "DELETE FROM audit"])
async def test_the_database_itself_refuses_changes(database, statement):
    async with database.write() as session:
        await audit.append(session, actor="C-1001", role="customer", action="x", subject="y")
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))
    assert (await whole(database)).records == 1


async def test_many_writers_make_one_chain(database, url):
    subprocess.run([sys.executable, CHILDREN, "append", "4", url, "10"], check=True)
    assert (await whole(database)).records == 40


async def test_a_time_without_a_zone_is_refused(database):
    with pytest.raises(ValueError, match="no time zone"):
        async with database.write() as session:
            await audit.append(
                session, actor="a", role="b", action="c", subject="d", at=datetime(2026, 3, 10, 9)
            )


async def test_a_log_longer_than_one_page(database, monkeypatch):
    monkeypatch.setattr("balie.monitoring.audit._AT_A_TIME", 3)
    async with database.write() as session:
        for number in range(7):
            await audit.append(session, actor="a", role="b", action="c", subject=str(number))
    assert (await whole(database)).records == 7
