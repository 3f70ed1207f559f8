"""Conversations at the kiosk: what is understood of them, what is quoted, reserved and called for."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from uuid import UUID

import pytest
from balie.agent import Caller, Role, Status, Turn
from balie.agent.desk import Desk
from balie.config import ModelSettings, Settings
from balie.vertical import models_for
from balie_retail_kiosk.models import PriceMatch, Quote, Reservation, StaffCall
from balie_retail_kiosk.services.items import Item
from balie_retail_kiosk.vertical import VERTICAL
from balie_testing.models import FakeModels
from sqlalchemy import select

pytestmark = pytest.mark.anyio

Open = Callable[..., Awaitable[Desk]]
QUOTE, STOCK, RESERVE = "make_quote", "check_stock", "reserve_items"
CABLES_AND_TV = "two hdmi cables, 2 m, plus the cheapest 55 inch tv under 600"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Talk:
    """One visit. What a sentence is about is said with it, so that only the words are put to the test."""

    def __init__(self, desk: Desk, conversation: UUID, caller: Caller) -> None:
        self.desk, self.conversation, self.caller = desk, conversation, caller

    async def say(self, message: str, command: str = "") -> Turn:
        if command:
            self.desk.models = FakeModels(VERTICAL.team.commands, {message: command})
        return await self.desk.say(self.conversation, message, self.caller)

    async def rows(self, kind: type) -> list:
        async with self.desk.database.read() as session:
            return list(await session.scalars(select(kind)))


@pytest.fixture
async def visit(desk: Open) -> Callable[..., Awaitable[Talk]]:
    async def opened(language: str = "en", role: Role = Role.CUSTOMER) -> Talk:
        made = await desk(VERTICAL)
        caller = Caller(role=role, identity="Femke" if role is Role.STAFF else None, language=language)
        return Talk(made, await made.open(caller), caller)

    return opened


@pytest.fixture
async def talk(visit: Callable[..., Awaitable[Talk]]) -> Talk:
    return await visit()


def _items(turn: Turn) -> list[tuple[str, int]]:
    """What the turn's quote or reservation is made of."""
    command = next(c for c in turn.commands if "items" in c.arguments)
    return [(item["product"], item["quantity"]) for item in command.arguments["items"]]


async def test_a(talk):
    async def say(m,c):
        talk.desk.models = FakeModels(VERTICAL.team.commands, {VERTICAL.team.as_read(m): c})
        t=await talk.say(m); print("##",m,"->",t.status,t.reply,[(c.tool,c.arguments) for c in t.commands]); return t
    await say("two HH-10001 and one 8720000200011", QUOTE)
    await say("yes","confirm")
    await say("is 8720000100013 in stock and HH-99999", STOCK)
    await say("100 HH-10001", QUOTE)
    await say("reserve HH-10001 and HH-99999", RESERVE)
    await say("8720000100013 and 8720000200011", "product_details")
    assert 0
