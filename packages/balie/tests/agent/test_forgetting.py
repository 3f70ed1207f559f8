"""What is left of a conversation that is forgotten: how often what was asked, and nothing that was said."""

import asyncio
from datetime import date

import pytest
from balie.agent import Caller
from balie.db import idempotency
from balie.db.tables import (
    AuditRecord,
    Conversation,
    Handoff,
    IdempotencyKey,
    PendingAction,
    TurnRecord,
    UsageCount,
)
from balie.errors import NotFound
from balie.monitoring.audit import verify
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

pytestmark = pytest.mark.anyio

VISITOR = Caller(language="nl", channel="kiosk")
MEMBER = Caller(identity="M-1")
PHRASES = {"let me talk to someone": "talk_to_person"}
SECRETS = "Zwanenburg", "Quispeldoorn", "0612345678"


async def rows(desk, table):
    async with desk.database.read() as session:
        return list((await session.scalars(select(table))).all())


async def opened(desk):
    return await desk(VERTICAL, models=FakeModels(VERTICAL.team.commands, PHRASES))


async def visit(desk, caller, *messages, key=None):
    conversation = await desk.open(caller)
    for number, message in enumerate(messages):
        await desk.say(conversation, message, caller, idempotency_key=f"{key}-{number}" if key else None)
    return conversation


async def test_nothing_of_the_conversation_is_left(desk):
    at = await opened(desk)
    said = "my name is Zwanenburg", "B-101", "/borrow_book B-101", "let me talk to someone"
    conversation = await visit(at, MEMBER, *said, key="k")
    await at.forget(conversation)
    for table in (Conversation, TurnRecord, PendingAction, Handoff):
        assert await rows(at, table) == []
    assert [key.caller for key in await rows(at, IdempotencyKey)] == ["balie"], "the sample data's"
    with pytest.raises(NotFound):
        await at.transcript(conversation, MEMBER)


async def test_other_conversations_stay(desk):
    at = await opened(desk)
    mine = await visit(at, VISITOR, "B-101", key="mine")
    other = await visit(at, VISITOR, "B-103", key="other")
    await at.forget(mine)
    assert [turn.message for turn in (await at.transcript(other, VISITOR)).turns] == ["B-103"]
    async with at.database.read() as session:
        request = f"{other}:B-103"
        assert await idempotency.find(session, caller=VISITOR.actor, key="other-0", request=request)


async def test_what_was_asked_is_counted_and_by_whom_is_not(desk):
    at = await opened(desk)
    for said in (("B-101", "B-103", "my name is Zwanenburg"), ("B-101",)):
        await at.forget(await visit(at, VISITOR, *said))
    counts = {
        (count.day, count.language, count.command, count.status): count.times
        for count in await rows(at, UsageCount)
    }
    today = date(2026, 3, 10)
    assert counts == {
        (today, "nl", "find_book", "answered"): 3,
        (today, "nl", "", "refused"): 1,
    }


async def test_the_audit_log_stays_whole_and_holds_no_words(desk):
    at = await opened(desk)
    conversation = await visit(at, MEMBER, "my name is Zwanenburg", "/borrow_book B-101", "yes")
    await at.forget(conversation)
    records = await rows(at, AuditRecord)
    assert [record.action for record in records] == ["borrow_book"]
    assert "Zwanenburg" not in f"{records[0].subject}{records[0].detail}"
    async with at.database.read() as session:
        assert (await verify(session)).records == 1


async def test_one_that_is_gone_already_is_fine(desk):
    at = await opened(desk)
    conversation = await visit(at, VISITOR, "B-101")
    await asyncio.gather(at.forget(conversation), at.forget(conversation))
    await at.forget(conversation)
    async with at.database.read() as session:
        assert await session.scalar(select(func.sum(UsageCount.times))) == 1


async def test_the_vertical_forgets_in_the_same_transaction(desk):
    at = await opened(desk)
    told = []

    async def forgets(session, conversation, now):
        told.append((conversation, now, await session.get(Conversation, conversation) is not None))
        if len(told) == 1:
            raise ValueError("not yet")

    at.forgets = forgets
    conversation = await visit(at, VISITOR, "B-101")
    with pytest.raises(ValueError, match="not yet"):
        await at.forget(conversation)
    assert len(await rows(at, TurnRecord)) == 1, "all of it or nothing"
    await at.forget(conversation)
    assert told[1] == (conversation, at.clock(), True)
    assert await rows(at, TurnRecord) == []


async def test_its_bytes_are_gone_from_the_file_and_its_log(desk):
    at = await opened(desk)
    folder = at.database.path.parent

    def found():
        files = [file for file in folder.iterdir() if file.name.startswith(at.database.path.name)]
        return {secret for secret in SECRETS for file in files if secret.encode() in file.read_bytes()}

    others = [await visit(at, VISITOR, *["B-101", "B-103"] * 3) for _ in range(4)]
    conversations = []
    for number in range(12):
        # Short and long ones, so that pages are split, filled and merged.
        told = [f"{secret} lives here {'and there ' * 30 * (number % 4)}" for secret in SECRETS]
        conversations.append(await visit(at, VISITOR, *told, "B-101", key=f"visit-{number}"))
    assert found() == set(SECRETS)
    await at.forget(others[0])
    for conversation in conversations:
        await at.forget(conversation)
    assert found() == set()
    assert len(await rows(at, Conversation)) == 3


async def test_an_error_of_the_database_does_not_tell_what_was_said(desk):
    at = await opened(desk)
    with pytest.raises(DBAPIError) as error:
        async with at.database.write() as session:
            await session.execute(text("INSERT INTO turns (message) VALUES (:said)"), {"said": SECRETS[0]})
    assert SECRETS[0] not in str(error.value)
