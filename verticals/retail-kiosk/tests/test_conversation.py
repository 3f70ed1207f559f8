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


async def test_a_list_is_quoted_with_the_evidence_of_each_line(talk: Talk) -> None:
    turn = await talk.say(CABLES_AND_TV, QUOTE)
    assert turn.status is Status.NEEDS_CONFIRMATION
    assert _items(turn) == [("HH-10001", 2), ("HH-20001", 1)]
    evidence = turn.commands[0].evidence
    spans = {name: CABLES_AND_TV[slice(*found.span)] for name, found in evidence.items() if found.span}
    assert spans["items[0]"] == "two hdmi cables, 2 m"
    assert spans["items[1]"] == "cheapest 55 inch tv under 600"
    assert evidence["items[0]"].of > 1
    for told in ("2 × Harbour HDMI Cable 2 m", "the cheapest of", "€23.31", "€479.00", "€502.31", "17 March"):
        assert told in turn.reply


async def test_after_a_yes_the_quote_has_a_number_and_stays_what_it_was(talk: Talk) -> None:
    await talk.say(CABLES_AND_TV, QUOTE)
    assert await talk.rows(Quote) == []
    turn = await talk.say("yes")
    assert turn.status is Status.DONE
    (quote,) = await talk.rows(Quote)
    assert quote.total == Decimal("502.31")
    assert quote.number in turn.reply
    printed = await talk.say("print it", "print_quote")
    assert printed.commands[0].arguments == {"quote": quote.number}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("make the cables three", [("HH-10001", 3), ("HH-20001", 1)]),
        ("without the TV", [("HH-10001", 2)]),
        ("drop the cables", [("HH-20001", 1)]),
        ("add a Kestrel Kettle 1.7 l", [("HH-10001", 2), ("HH-20001", 1), ("HH-50001", 1)]),
        ("and one more tv", [("HH-10001", 2), ("HH-20001", 2)]),
        ("swap the TV for the Shore 55 inch QLED", [("HH-10001", 2), ("HH-20002", 1)]),
        ("the 1 m ones instead", [("HH-10002", 2), ("HH-20001", 1)]),
        ("remove the first one", [("HH-20001", 1)]),
        ("just the tv", [("HH-20001", 1)]),
        ("five light bulbs", [("HH-50002", 5)]),
        ("2900000010017", [("HH-10001", 2), ("HH-20001", 1)]),
    ],
)
async def test_the_running_list_is_changed(talk: Talk, said: str, expected: list[tuple[str, int]]) -> None:
    await talk.say(CABLES_AND_TV, QUOTE)
    assert _items(await talk.say(said, QUOTE)) == expected


async def test_how_many_of_what_is_asked_where_it_could_be_several(talk: Talk) -> None:
    await talk.say(CABLES_AND_TV, QUOTE)
    asked = await talk.say("make it three", QUOTE)
    assert asked.status is Status.NEEDS_INPUT
    assert asked.question is not None
    assert [o.label[:3] for o in asked.question.options] == ["3 ×", "3 ×"]
    assert _items(await talk.say("the Harbour cable")) == [("HH-10001", 3), ("HH-20001", 1)]


async def test_nothing_is_quoted_that_does_not_match(talk: Talk) -> None:
    turn = await talk.say("two unicorns", QUOTE)
    assert turn.status is Status.REFUSED
    assert "unicorns" in turn.reply
    assert turn.pending is None
    assert _items(await talk.say("two Kestrel Kettle 1.7 l")) == [("HH-50001", 2)]


async def test_more_than_a_kiosk_deals_with_is_refused(talk: Talk) -> None:
    turn = await talk.say("100 hdmi cables", QUOTE)
    assert (turn.status, turn.pending) == (Status.REFUSED, None)


async def test_what_is_wrong_is_told_and_what_is_right_is_done(talk: Talk) -> None:
    said = "two HH-10001 and one 8720000200011"
    talk.desk.models = FakeModels(VERTICAL.team.commands, {VERTICAL.team.as_read(said): QUOTE})
    turn = await talk.say(said)
    assert turn.status is Status.NEEDS_CONFIRMATION
    assert "8720000200010 would be one" in turn.reply
    assert "2 × Harbour HDMI Cable 2 m" in turn.reply
    await talk.say("yes")
    assert _items(await talk.say("and a Kestrel Kettle 1.7 l", QUOTE)) == [("HH-10001", 2), ("HH-50001", 1)]


async def test_what_was_spoken_of_is_what_it_is(talk: Talk) -> None:
    await talk.say("do you have the Tide R3", STOCK)
    assert _items(await talk.say("reserve two of those", RESERVE)) == [("HH-30001", 2)]
    await talk.say("yes")
    (reservation,) = await talk.rows(Reservation)
    stock = await talk.say("is it still in stock", STOCK)
    assert stock.results[0]["available"] == 4
    cancelled = await talk.say("cancel my reservation", "cancel_reservation")
    assert cancelled.commands[0].arguments == {"reservation": reservation.number}


@pytest.mark.parametrize("said", ["is it waterproof", "does it have bluetooth", "how heavy is it"])
async def test_what_something_is_like_is_asked_of_what_was_spoken_of(talk: Talk, said: str) -> None:
    await talk.say("do you have the Tide R3", STOCK)
    turn = await talk.say(said, "product_details")
    assert turn.commands[0].arguments == {"product": "HH-30001"}


@pytest.mark.parametrize(
    ("said", "skus"),
    [
        ("compare the Tide R3 and the Dune D2", ["HH-30001", "HH-30003"]),
        ("is the M55 bigger than the Meridian M50?", ["HH-20001", "HH-20004"]),
        ("HH-10001 or HH-10004?", ["HH-10001", "HH-10004"]),
    ],
)
async def test_what_is_compared_is_named(talk: Talk, said: str, skus: list[str]) -> None:
    read = VERTICAL.team.as_read(said)
    talk.desk.models = FakeModels(VERTICAL.team.commands, {read: "compare_products"})
    turn = await talk.say(said)
    assert turn.commands[0].arguments == {"products": skus}


async def test_of_a_list_one_is_pointed_at(talk: Talk) -> None:
    listed = await talk.say("what 55 inch tvs do you have under 600", "find_products")
    skus = listed.results[0]["products"]
    assert skus[0] == "HH-20001"
    assert "HH-20003" not in skus
    second = await talk.say("is the second one in stock", STOCK)
    assert second.commands[0].arguments == {"product": skus[1]}
    compared = await talk.say("compare the first two", "compare_products")
    assert compared.commands[0].arguments == {"products": skus[:2]}
    shelf = await talk.say("where do I find the cheapest", "find_place")
    assert shelf.commands[0].arguments == {"place": "HH-20001"}


async def test_several_fits_are_a_question_and_its_answer_may_be_words(talk: Talk) -> None:
    asked = await talk.say("tell me about the Dune espresso machine", "product_details")
    assert asked.status is Status.NEEDS_INPUT
    assert asked.question is not None
    assert len(asked.question.options) == 3
    told = await talk.say("the Uno")
    assert told.results[0]["product"] == "HH-40002"


async def test_a_scanned_barcode_needs_no_model(talk: Talk) -> None:
    turn = await talk.say("8720000200010")
    assert (turn.results[0]["product"], turn.model) == ("HH-20001", "")
    assert (await talk.say("and HH-10001?")).results[0]["product"] == "HH-10001"
    wrong = await talk.say("8720000200011")
    assert wrong.status is Status.REFUSED
    assert "8720000200010 would be one" in wrong.reply
    unknown = await talk.say("8720000999990")
    assert unknown.status is Status.REFUSED
    assert "8720000999990" in unknown.reply


async def test_what_is_out_of_stock_says_what_comes_and_who_has_it(talk: Talk) -> None:
    turn = await talk.say("do you have the Harbour HDMI Cable 5 m", STOCK)
    for told in ("none here", "20 come on Friday 13 March", "Utrecht 7", "Counted on"):
        assert told in turn.reply
    refused = await talk.say("reserve it", RESERVE)
    assert (refused.status, refused.pending) == (Status.REFUSED, None)


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("is there an offer on light bulbs", {"about": ["light-bulbs"]}),
        ("is the Tide R3 on offer", {"about": ["HH-30001"]}),
        ("any offers this week", {}),
    ],
)
async def test_offers_on_what_is_named_or_on_everything(
    talk: Talk, said: str, arguments: dict[str, object]
) -> None:
    turn = await talk.say(said, "show_promotions")
    assert turn.commands[0].arguments == arguments
    assert turn.results[0]["lines"]


@pytest.mark.parametrize(
    ("said", "arguments", "reply"),
    [
        ("are you open on Sunday", {"day": "2026-03-15"}, "12:00 to 17:00"),
        ("are you open on Easter Monday", {"day": "2026-04-06"}, "12:00 to 17:00 (Easter Monday)"),
        ("are you open on easter sunday", {"day": "2026-04-05"}, "closed"),
        ("when does the shop in Utrecht open tomorrow", {"shop": "S-02", "day": "2026-03-11"}, "Utrecht"),
        ("what are your opening hours", {}, "open now, until 18:00"),
    ],
)
async def test_opening_hours(talk: Talk, said: str, arguments: dict[str, str], reply: str) -> None:
    turn = await talk.say(said, "opening_hours")
    assert turn.commands[0].arguments == arguments
    assert reply in turn.reply


async def test_what_only_adds_to_it_asks_the_same_of_something_else(talk: Talk) -> None:
    await talk.say("are you open on Sunday", "opening_hours")
    other = await talk.say("and the Amsterdam shop?")
    assert other.commands[0].arguments == {"shop": "S-03", "day": "2026-03-15"}
    later = await talk.say("what about Friday")
    assert later.commands[0].arguments == {"shop": "S-03", "day": "2026-03-13"}
    # What names nothing that it takes is none of it.
    assert (await talk.say("and what do you think of the government?")).status is Status.REFUSED


@pytest.mark.parametrize(
    ("said", "place", "reply"),
    [
        ("where is the toilet?", "toilets", "back of the shop"),
        ("where are the TVs", "televisions", "A1"),
        ("where can I pay", "tills", "front"),
        ("where is the Tide R3", "HH-30001", "A8"),
        ("where is the swimming pool", "swimming pool", "swimming pool"),
    ],
)
async def test_finding_the_way(talk: Talk, said: str, place: str, reply: str) -> None:
    turn = await talk.say(said, "find_place")
    assert turn.commands[0].arguments == {"place": place}
    assert reply in turn.reply


async def test_a_colleague_is_called_to_where_the_person_is(talk: Talk) -> None:
    asked = await talk.say("somebody must open the cabinet at aisle A6", "call_staff")
    assert "aisle A6" in asked.reply
    await talk.say("yes")
    (call,) = await talk.rows(StaffCall)
    assert (call.reason, call.place) == ("locked_cabinet", "aisle A6")


@pytest.mark.parametrize(
    ("said", "price"),
    [
        ("the M55 is 449 at Brightbox", "449"),
        ("Brightbox has the M55 for € 449,-", "449"),
        ("I saw the M55 at Brightbox for 1.399,95 euros", "1399.95"),
        ("the M55 costs four hundred and twenty at Brightbox", "420"),
    ],
)
async def test_the_price_of_another_shop(talk: Talk, said: str, price: str) -> None:
    turn = await talk.say(said, "request_price_match")
    if turn.status is Status.REFUSED:
        # What is not lower is no match; that it was read shows in the reply.
        assert "€1,399.95" in turn.reply
        return
    assert turn.commands[0].arguments == {"product": "HH-20001", "competitor": "Brightbox", "price": price}
    await talk.say("yes")
    (match,) = await talk.rows(PriceMatch)
    assert match.price == Decimal(price)


async def test_dutch_is_spoken_and_english_read(visit: Callable[..., Awaitable[Talk]]) -> None:
    talk = await visit("nl")
    assert "Engels" in talk.desk.greeting(talk.caller)
    turn = await talk.say(CABLES_AND_TV, QUOTE)
    for told in ("2 × Harbour HDMI Cable 2 m", "goedkoopste", "502,31", "btw", "dinsdag 17 maart"):
        assert told in turn.reply
    assert "Je offerte is Q-" in (await talk.say("ja")).reply


async def test_staff_open_what_customers_have_and_customers_do_not(
    visit: Callable[..., Awaitable[Talk]],
) -> None:
    staff = await visit(role=Role.STAFF)
    made = await staff.desk.run(staff.conversation, QUOTE, {"items": [Item("HH-20001", 1)]}, staff.caller)
    assert made.pending is not None
    number = (await staff.desk.confirm(made.pending.id, staff.caller)).results[0]["quote"]
    opened = await staff.say(number)
    assert opened.results[0]["quote"] == number
    asked = await staff.say("can I get some help", "call_staff")
    assert asked.status is Status.NEEDS_CONFIRMATION
    await staff.say("yes")
    taken = await staff.say("I take it", "take_call")
    assert taken.commands[0].arguments == {"call": "H-1"}


@pytest.mark.models
@pytest.mark.parametrize(
    ("message", "commands"),
    [
        (
            "Two HDMI cables, 2 m, and the cheapest 55 inch TV under 600, and is there a discount?",
            {
                "make_quote": {
                    "items": [
                        {"product": "HH-10001", "quantity": 2},
                        {"product": "HH-20001", "quantity": 1},
                    ]
                },
                "show_promotions": {"about": ["HH-10001", "HH-20001"]},
            },
        ),
        (
            "two hdmi cables and the cheapest 55 inch tv under 600",
            {
                "make_quote": {
                    "items": [
                        {"product": "HH-10002", "quantity": 2},
                        {"product": "HH-20001", "quantity": 1},
                    ]
                }
            },
        ),
        (
            "where are the toilets and are you open on Sunday?",
            {"find_place": {"place": "toilets"}, "opening_hours": {"day": "2026-03-15"}},
        ),
    ],
)
async def test_the_embedded_models_understand(
    desk: Open, message: str, commands: dict[str, dict[str, object]]
) -> None:
    models = models_for(VERTICAL, Settings(models=ModelSettings(threads=1, generate=False)))
    models.start()
    opened = await desk(VERTICAL, models=models)
    assert await models.ready()
    caller = Caller()
    turn = await opened.say(await opened.open(caller), message, caller)
    assert {command.tool: command.arguments for command in turn.commands} == commands
