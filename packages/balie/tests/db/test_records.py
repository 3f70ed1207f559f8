"""Outbox, idempotency keys, API keys, retention."""

from datetime import UTC, datetime, timedelta

import pytest
from balie.db import (
    ApiKey,
    AuditRecord,
    Conversation,
    Handoff,
    PendingAction,
    TurnRecord,
    api_keys,
    audit,
    idempotency,
    outbox,
    retention,
)
from balie.db.tables import Delivery
from balie.errors import Conflict, NotFound
from sqlalchemy import func, select

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


async def test_a_message_waits_until_it_is_sent(database):
    async with database.write() as session:
        for number in (2, 1):
            await outbox.enqueue(
                session,
                topic="mail",
                recipient=f"C-{number}",
                payload={"link": number},
                at=NOW + timedelta(seconds=number),
            )
    async with database.write() as session:
        first, second = await outbox.pending(session)
        assert (first.recipient, second.payload) == ("C-1", {"link": 2})
        outbox.mark_failed(first, "no network")
        outbox.mark_sent(second, NOW)
    async with database.write() as session:
        (waiting,) = await outbox.pending(session)
        assert (waiting.attempts, waiting.last_error) == (1, "no network")
        outbox.mark_sent(waiting, NOW)
        assert waiting.last_error is None
    async with database.read() as session:
        assert await outbox.pending(session) == []


async def test_the_same_request_is_answered_again(database):
    request = {"tool": "cancel_order", "arguments": {"order": "10240"}}
    async with database.write() as session:
        assert await idempotency.find(session, caller="C-1", key="k", request=request) is None
        await idempotency.store(session, caller="C-1", key="k", request=request, response={"turn": 3})
    async with database.read() as session:
        same = {"arguments": {"order": "10240"}, "tool": "cancel_order"}
        stored = await idempotency.find(session, caller="C-1", key="k", request=same)
        assert stored is not None
        assert stored.response == {"turn": 3}
        assert await idempotency.find(session, caller="C-2", key="k", request=request) is None
        with pytest.raises(Conflict, match="another request"):
            await idempotency.find(session, caller="C-1", key="k", request={"tool": "cancel_order"})


async def test_an_api_key_opens_until_it_is_revoked(database):
    async with database.write() as session:
        key = await api_keys.create(session, role="customer", identity="C-1001", label="web shop")
        other = await api_keys.create(session, role="staff")
    name, prefix, secret = key.split("_", 2)
    assert name == "balie"
    assert len(secret) >= 43
    async with database.read() as session:
        found = await api_keys.verify(session, key)
        assert found is not None
        assert (found.role, found.identity, found.label) == ("customer", "C-1001", "web shop")
        assert secret not in found.hash
        for wrong in (
            "",
            "balie",
            key[:-1],
            f"{key}x",
            f"x{key}",
            f"balie_{prefix}_{other.split('_', 2)[2]}",
        ):
            assert await api_keys.verify(session, wrong) is None
    async with database.write() as session:
        await api_keys.touch(session, found, NOW)
        await api_keys.revoke(session, prefix, NOW)
        await api_keys.revoke(session, prefix, NOW + timedelta(days=1))
        with pytest.raises(NotFound):
            await api_keys.revoke(session, "ffffffff")
    async with database.read() as session:
        assert await api_keys.verify(session, key) is None
        assert await api_keys.verify(session, other) is not None
        first, second = await api_keys.all_keys(session)
        assert (first.revoked_at, first.last_used_at, second.revoked_at) == (NOW, NOW, None)


async def test_nothing_of_an_api_keys_secret_is_in_the_database(database):
    async with database.write() as session:
        key = await api_keys.create(session, role="staff")
    async with database.read() as session:
        row = (await session.execute(select(ApiKey.__table__))).one()
    assert key.split("_", 2)[2] not in repr(row)


async def test_what_is_over_is_forgotten_and_the_audit_log_is_not(database):
    limit = NOW
    before, after = NOW - timedelta(days=1), NOW + timedelta(days=1)
    kept = ["recent", "handed off"]
    async with database.write() as session:
        for identity, at in (("old", before), ("handed off", before), ("recent", after)):
            one = Conversation(
                vertical="t", agent="a", role="customer", identity=identity, created_at=before, updated_at=at
            )
            session.add(one)
            await session.flush()
            session.add(
                TurnRecord(
                    conversation_id=one.id, number=1, speaker="person", message="hi", created_at=before
                )
            )
            for status, decided in (("pending", None), ("done", before), ("done", after)):
                session.add(
                    PendingAction(
                        conversation_id=one.id, tool="t", arguments={}, summary="s", role="customer",
                        status=status, expires_at=before, decided_at=decided,
                    )
                )  # fmt: skip
            if identity == "handed off":
                session.add(Handoff(conversation_id=one.id, reason="asked", summary="s", priority="normal"))
        for at in (before, after):
            await idempotency.store(session, caller="c", key=str(at), request={}, response={}, at=at)
            message = await outbox.enqueue(session, topic="t", recipient="r", payload={}, at=before)
            outbox.mark_sent(message, at)
        for recipient, at in (("unsent", after), ("nobody", before), ("being tried", before)):
            message = await outbox.enqueue(session, topic="t", recipient=recipient, payload={}, at=at)
        session.add(Delivery(message_id=message.id, endpoint="e", attempts=1, next_attempt_at=after))
        await audit.append(session, actor="old", role="customer", action="x", subject="y", at=before)
    async with database.write() as session:
        purged = await retention.purge(session, limit)
    assert purged == retention.Purged(
        conversations=1, pending_actions=2, idempotency_keys=1, outbox_messages=2
    )
    async with database.read() as session:
        assert sorted(await session.scalars(select(Conversation.identity))) == sorted(kept)
        assert await session.scalar(select(func.count()).select_from(TurnRecord)) == 2
        assert await session.scalar(select(func.count()).select_from(PendingAction)) == 4
        assert await session.scalar(select(func.count()).select_from(AuditRecord)) == 1
        assert [message.recipient for message in await outbox.pending(session)] == ["being tried", "unsent"]
