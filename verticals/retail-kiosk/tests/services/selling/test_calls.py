"""Calls for a colleague (RK-9): the queue, and who goes."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from balie.db import outbox
from balie_retail_kiosk.models import CallReason, CallStatus, Shop
from balie_retail_kiosk.services import calls
from balie_retail_kiosk.services.errors import CallOver, CallUnknown
from sqlalchemy import select

pytestmark = pytest.mark.anyio


async def call(session, shop, now, *, place="Kiosk 1", note="", conversation=None, reason=CallReason.ADVICE):
    return await calls.call(
        session, shop=shop, reason=reason, place=place, note=note, now=now, conversation=conversation
    )


async def test_calls_wait_in_the_order_in_which_they_were_made(session, rotterdam, now):
    made = [await call(session, rotterdam, now) for _ in range(11)]
    assert [one.number for one in made] == [f"H-{number}" for number in range(1, 12)]
    assert [await calls.position(session, one) for one in made] == list(range(1, 12))
    assert await calls.count_waiting(session, shop=rotterdam) == 11
    # The clock of one kiosk may be behind: the earlier instant comes first.
    early = await call(session, rotterdam, now - timedelta(minutes=1))
    assert await calls.position(session, early) == 1
    assert [one.number for one in await calls.waiting(session, shop=rotterdam)] == [
        "H-12", *(one.number for one in made)
    ]  # fmt: skip


async def test_each_shop_has_its_own_queue(session, rotterdam, now):
    utrecht = await session.scalar(select(Shop).where(Shop.number == "S-02"))
    await call(session, rotterdam, now)
    other = await call(session, utrecht, now + timedelta(minutes=1))
    assert (other.number, await calls.position(session, other)) == ("H-2", 1)
    assert await calls.count_waiting(session, shop=utrecht) == 1
    assert len(await calls.waiting(session)) == 2


async def test_who_is_taken_or_gone_is_not_in_the_queue(session, rotterdam, now):
    first, second, third = [await call(session, rotterdam, now) for _ in range(3)]
    taken = await calls.take(session, "h-1 ", by="Femke", now=now + timedelta(minutes=2))
    assert (taken.status, taken.taken_by, taken.updated_at) == (
        CallStatus.TAKEN,
        "Femke",
        now + timedelta(minutes=2),
    )
    assert [await calls.position(session, one) for one in (first, second, third)] == [0, 1, 2]
    closed = await calls.close(session, "H-2", by="Daan", now=now)
    assert (closed.status, closed.taken_by) == (CallStatus.CLOSED, "Daan")
    assert await calls.position(session, third) == 1
    assert [one.number for one in await calls.waiting(session)] == ["H-3"]
    assert [one.number for one in await calls.open_calls(session)] == ["H-1", "H-3"]


async def test_a_call_is_taken_by_one_and_closed_once(session, rotterdam, now):
    await call(session, rotterdam, now, note="the red cabinet")
    await calls.take(session, "H-1", by="Femke", now=now)
    assert (await calls.take(session, "H-1", by="Femke", now=now)).taken_by == "Femke"
    with pytest.raises(CallOver) as taken:
        await calls.take(session, "H-1", by="Daan", now=now)
    assert taken.value.facts == {"number": "H-1", "status": "taken"}
    closed = await calls.close(session, "H-1", by="Daan", now=now)
    assert (closed.taken_by, closed.note) == ("Femke", "")
    for attempt in (
        calls.take(session, "H-1", by="Femke", now=now),
        calls.close(session, "H-1", by="Daan", now=now),
    ):
        with pytest.raises(CallOver) as over:
            await attempt
        assert over.value.facts["status"] == "closed"
    for attempt in (calls.take(session, "H-2", by="Femke", now=now), calls.get(session, "")):
        with pytest.raises(CallUnknown):
            await attempt


async def test_pressing_twice_gets_nobody_ahead(session, rotterdam, now):
    visit = uuid.uuid4()
    mine = await call(session, rotterdam, now, conversation=visit, note="which cable")
    await call(session, rotterdam, now)
    later = now + timedelta(minutes=1)
    again = await call(
        session, rotterdam, later, conversation=visit, place="Kiosk 2", reason=CallReason.HEAVY_ITEM
    )
    assert again.number == mine.number == "H-1"
    assert (again.place, again.reason, again.note) == ("Kiosk 2", CallReason.HEAVY_ITEM, "which cable")
    assert await calls.position(session, again) == 1
    await calls.take(session, "H-1", by="Femke", now=now)
    assert (await call(session, rotterdam, later, conversation=visit)).number == "H-1"
    await calls.close(session, "H-1", by="Femke", now=now)
    assert (await call(session, rotterdam, later, conversation=visit)).number == "H-3"
    assert len(await outbox.pending(session)) == 3


async def test_other_systems_hear_of_a_call_and_not_what_was_said(session, rotterdam, now):
    await call(session, rotterdam, now, note="I am Marit and I want to pay", conversation=uuid.uuid4())
    (message,) = await outbox.pending(session)
    assert (message.topic, message.recipient) == ("staff_call.made", "webhook")
    assert message.payload == {
        "number": "H-1", "shop": "S-01", "reason": "advice", "place": "Kiosk 1",
        "created_at": "2026-03-10T08:00:00+00:00",
    }  # fmt: skip


async def test_no_two_calls_get_one_number(doors, now):
    async def attempt(index):
        async with doors[index % len(doors)].write() as session:
            shop = await session.scalar(select(Shop).where(Shop.number == "S-01"))
            made = await call(session, shop, now)
            return made.number, await calls.position(session, made)

    results = await asyncio.gather(*map(attempt, range(12)))
    assert sorted(results, key=lambda result: result[1]) == [(f"H-{place}", place) for place in range(1, 13)]
