"""The end of a visit (RK-11): nothing ties what stays to who was there."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from balie.db import outbox
from balie_retail_kiosk.models import Base, CallReason, CallStatus, ReservationStatus, Shop
from balie_retail_kiosk.services import calls, price_matches, quotes, reservations, visits
from balie_retail_kiosk.services.items import Item
from sqlalchemy import inspect, select, text

pytestmark = pytest.mark.anyio

SAID = "I am Marit, my back hurts"
WHERE = "Televisions (A1)"


async def visit(session, shop, now, zone, conversation):
    """Somebody does everything that leaves something behind."""
    quote = await quotes.make(
        session, [Item("T-1", 2)], shop=shop, now=now, timezone=zone, member=True, conversation=conversation
    )
    kept = await reservations.make(session, [Item("T-1", 2)], shop=shop, now=now, conversation=conversation)
    called = await calls.call(
        session,
        shop=shop,
        reason=CallReason.HEAVY_ITEM,
        place=WHERE,
        note=SAID,
        now=now,
        conversation=conversation,
    )
    match = await price_matches.request(
        session, "T-2", competitor="Tide & Sons", price=Decimal(449), shop=shop, now=now, timezone=zone,
        conversation=conversation,
    )  # fmt: skip
    return quote.number, kept.number, called.number, match.number


async def everything(session):
    """All that stands in the database, as one text."""
    tables = await session.run_sync(lambda sync: inspect(sync.connection()).get_table_names())
    rows = []
    for table in tables:
        rows += (await session.execute(text(f'SELECT * FROM "{table}"'))).all()
    return "\n".join(map(str, rows))


async def test_nothing_of_a_visit_can_be_read_afterwards(database, now, zone):
    mine, other = uuid.uuid4(), uuid.uuid4()
    async with database.write() as session:
        shop = await session.scalar(select(Shop).order_by(Shop.number))
        quote, kept, called, match = await visit(session, shop, now, zone, mine)
        theirs = await visit(session, shop, now, zone, other)
    later = now + timedelta(minutes=1)
    for _ in range(2):  # a second time changes nothing
        async with database.write() as session:
            await visits.forget(session, mine, later)
    async with database.read() as session:
        left = await everything(session)
        assert mine.hex not in left.replace("-", "")
        assert left.count(SAID) == 1  # the other one's
        opened = await quotes.get(session, quote)
        assert (opened.conversation, opened.total, opened.member) == (None, Decimal("23.31"), True)
        held = await reservations.get(session, kept)
        assert (held.conversation, held.status) == (None, ReservationStatus.ACTIVE)
        waits = await calls.get(session, called)
        assert (waits.conversation, waits.status, waits.note, waits.place) == (
            None,
            CallStatus.WAITING,
            "",
            WHERE,
        )
        asked = await price_matches.get(session, match)
        assert (asked.conversation, asked.price) == (None, Decimal("449.00"))
        # Who was at the other kiosk is still there.
        assert (await quotes.get(session, theirs[0])).conversation == other
        waiting = await calls.get(session, theirs[2])
        assert (waiting.conversation, waiting.status, waiting.note) == (other, CallStatus.WAITING, SAID)
        assert await calls.position(session, waiting) == 2


async def test_what_waits_to_be_printed_does_not_come_out_for_the_next_one(session, rotterdam, now, zone):
    mine, other = uuid.uuid4(), uuid.uuid4()
    numbers = [(await visit(session, rotterdam, now, zone, each))[0] for each in (mine, other)]
    for number in numbers:
        await quotes.request_print(session, number, language="en", now=now, timezone=zone)
    await visits.forget(session, mine, now)
    prints = [message for message in await outbox.pending(session) if message.recipient == "printer"]
    assert [message.payload["quote"] for message in prints] == [numbers[1]]
    # What other systems are to hear stays.
    assert len(await outbox.pending(session)) == 9


def test_every_table_that_knows_a_conversation_is_thought_of():
    knowing = {table.name for table in Base.metadata.tables.values() if "conversation" in table.columns}
    assert knowing == {"quotes", "reservations", "staff_calls", "price_matches"}
