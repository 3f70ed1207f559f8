"""Quotes (RK-6): what is kept, until when, and that nothing changes it."""

import asyncio
import re
import secrets
import shutil
import tempfile
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from balie.db import Database, OutboxMessage, outbox
from balie.errors import BadRequest, Conflict
from balie_retail_kiosk.models import Product, Promotion, PromotionKind, PromotionPart, Shop, Vat
from balie_retail_kiosk.services import gtin, members, numbers, pricing, promotions, quotes
from balie_retail_kiosk.services.errors import (
    CardEnded,
    CardUnknown,
    NothingInQuote,
    ProductUnknown,
    QuoteExpired,
    QuoteUnknown,
    TooMany,
)
from balie_retail_kiosk.services.items import MOST_LINES, MOST_UNITS, Item
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

pytestmark = pytest.mark.anyio


async def make(session, items, now, zone, *, member=False, conversation=None):
    shop = await session.scalar(select(Shop).order_by(Shop.number))
    return await quotes.make(
        session, items, shop=shop, now=now, timezone=zone, member=member, conversation=conversation
    )


def content(quote):
    """All that a quote says."""
    of_line = (
        "position sku name quantity unit_price discount amount vat vat_percent vat_amount promotions"
    ).split()
    return (
        quote.number, quote.shop.number, quote.created_at, quote.valid_until, quote.member, quote.currency,
        quote.total, [tuple(getattr(line, name) for name in of_line) for line in quote.lines],
    )  # fmt: skip


async def test_a_quote_keeps_what_was_priced(session, now, zone):
    visit = uuid.uuid4()
    quote = await make(
        session, [Item("T-1", 2), Item("T-3", 1), Item("T-1", 1)], now, zone, conversation=visit
    )
    assert re.fullmatch("Q-[0-9A-HJKMNP-TV-Z]{6}", quote.number)
    assert (quote.shop.number, quote.conversation, quote.currency, quote.member) == (
        "S-01",
        visit,
        "EUR",
        False,
    )
    assert [
        (
            line.position,
            line.sku,
            line.name,
            line.quantity,
            str(line.amount),
            str(line.discount),
            line.promotions,
        )
        for line in quote.lines
    ] == [(1, "T-1", "Cable", 3, "34.96", "3.89", "P-1"), (2, "T-3", "Beans", 1, "14.95", "0.00", "")]
    assert str(quote.total) == "49.91"
    assert quotes.items_of(quote) == [Item("T-1", 3), Item("T-3", 1)]
    assert [quotes.promotions_of(line) for line in quote.lines] == [["P-1"], []]
    assert [(vat.percent, str(vat.amount)) for vat in pricing.vat_totals(quote.lines)] == [
        (21, "6.07"),
        (9, "1.23"),
    ]


async def test_a_members_quote_has_members_prices_and_no_card(session, now, zone):
    quote = await make(session, [Item("T-3", 3)], now, zone, member=True)
    assert (quote.member, str(quote.total), quote.lines[0].promotions) == (True, "29.90", "P-2")
    assert str((await make(session, [Item("T-3", 3)], now, zone)).total) == "44.85"


async def test_the_prices_of_a_quote_are_those_of_the_shops_day(session, now, zone):
    """At half past eleven in the evening in UTC it is tomorrow in the shop."""
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    quote = await make(session, [Item("T-2", 1)], late, zone)
    assert (str(quote.total), quote.valid_until) == ("429.00", date(2026, 3, 18))


async def test_a_quote_holds_until_the_end_of_the_seventh_day(session, now, zone):
    quote = await make(session, [Item("T-1", 1)], now, zone)
    assert quote.valid_until == date(2026, 3, 17)
    last = datetime(2026, 3, 17, 23, 59, tzinfo=zone)
    assert (await quotes.get_valid(session, quote.number, now=last, timezone=zone)).number == quote.number
    after = datetime(2026, 3, 18, 0, 0, tzinfo=zone)
    for attempt in (
        quotes.get_valid(session, quote.number, now=after, timezone=zone),
        quotes.request_print(session, quote.number, language="nl", now=after, timezone=zone),
    ):
        with pytest.raises(QuoteExpired) as over:
            await attempt
        assert over.value.facts == {"number": quote.number, "valid_until": date(2026, 3, 17)}
    opened = await quotes.get(session, quote.number)
    assert quotes.expired(opened, after, zone)
    assert not quotes.expired(opened, last, zone)


async def test_a_number_is_found_however_it_is_written(session, now, zone):
    quote = await make(session, [Item("T-1", 1)], now, zone)
    digits = quote.number[2:]
    for written in (quote.number, quote.number.lower(), f" q {digits[:3]} {digits[3:]} ", digits,
                    quote.number.replace("0", "O").replace("1", "l")):  # fmt: skip
        assert (await quotes.get(session, written)).id == quote.id
    for wrong in ("Q-000000", "", "Q", "R" + quote.number[1:], "T-20001", quote.number + "0"):
        with pytest.raises(QuoteUnknown):
            await quotes.get(session, wrong)


def test_numbers_are_read_as_crockford_says():
    assert numbers.read("q-oil 0i1", numbers.Drawn.QUOTE) == "Q-011011"
    assert numbers.read("QQQQQQ", numbers.Drawn.QUOTE) == "Q-QQQQQQ"
    assert numbers.read("Q-QQQQQQ", numbers.Drawn.QUOTE) == "Q-QQQQQQ"


async def test_a_number_that_is_taken_is_drawn_again(session, now, zone, monkeypatch):
    letters = iter("AAAAAA" + "AAAAAA" + "BBBBBB")
    monkeypatch.setattr(secrets, "choice", lambda _alphabet: next(letters))
    assert (await make(session, [Item("T-1", 1)], now, zone)).number == "Q-AAAAAA"
    assert (await make(session, [Item("T-1", 1)], now, zone)).number == "Q-BBBBBB"
    monkeypatch.setattr(secrets, "choice", lambda _alphabet: "A")
    with pytest.raises(Conflict):
        await make(session, [Item("T-1", 1)], now, zone)


async def test_what_cannot_be_quoted(session, now, zone):
    with pytest.raises(NothingInQuote):
        await make(session, [], now, zone)
    for unknown in ("T-9", "T-4"):  # T-4 is no longer sold
        with pytest.raises(ProductUnknown):
            await make(session, [Item("T-1", 1), Item(unknown, 1)], now, zone)
    with pytest.raises(BadRequest):
        await make(session, [Item("T-1", 0)], now, zone)
    with pytest.raises(TooMany) as many:
        await make(session, [Item("T-1", MOST_UNITS), Item("T-1", 1)], now, zone)
    assert many.value.facts == {"quantity": MOST_UNITS + 1, "most": MOST_UNITS}
    kind = await session.scalar(select(Product.category_id))
    session.add_all(
        Product(sku=f"X-{number}", gtin=f"9{number:013}", name="x", brand="x", category_id=kind, description="",
                price=Decimal(1), vat=Vat.ZERO, attributes={}, warranty_months=0)
        for number in range(MOST_LINES + 1)
    )  # fmt: skip
    await session.flush()
    with pytest.raises(TooMany):
        await make(session, [Item(f"X-{number}", 1) for number in range(MOST_LINES + 1)], now, zone)
    assert (
        len((await make(session, [Item(f"X-{number}", 1) for number in range(MOST_LINES)], now, zone)).lines)
        == 20
    )


async def test_a_barcode_does_as_well_as_a_sku(session, now, zone):
    code = gtin.complete("872000010001")
    await session.execute(Product.__table__.update().where(Product.sku == "T-1").values(gtin=code.zfill(14)))
    quote = await make(session, [Item(code, 1), Item("T-1", 1)], now, zone)
    assert quotes.items_of(quote) == [Item("T-1", 2)]


async def test_other_systems_hear_of_a_quote_and_the_printer_gets_its_number(session, now, zone):
    quote = await make(session, [Item("T-1", 2)], now, zone, conversation=uuid.uuid4())
    await quotes.request_print(session, quote.number.lower(), language="nl", now=now, timezone=zone)
    made, printed = await outbox.pending(session)
    assert (made.topic, made.recipient, made.created_at) == ("quote.made", "webhook", now)
    assert made.payload == {
        "number": quote.number, "shop": "S-01", "created_at": "2026-03-10T08:00:00+00:00",
        "valid_until": "2026-03-17", "member": False, "currency": "EUR", "total": "23.31",
        "lines": [{"sku": "T-1", "quantity": 2, "unit_price": "12.95", "discount": "2.59", "amount": "23.31",
                   "vat_percent": 21, "vat_amount": "4.05", "promotions": ["P-1"]}],
    }  # fmt: skip
    assert (printed.topic, printed.recipient) == ("quote.print", "printer")
    assert printed.payload == {"quote": quote.number, "language": "nl"}
    here = {"language": "en", "now": now, "timezone": zone, "kiosk": "Kiosk 2"}
    await quotes.request_print(session, quote.number, **here)
    assert (await outbox.pending(session))[-1].payload == {
        "quote": quote.number, "language": "en", "kiosk": "Kiosk 2"
    }  # fmt: skip


async def test_a_quote_that_was_not_made_is_told_to_nobody(database, now, zone):
    async def both():
        async with database.write() as session:
            await make(session, [Item("T-1", 1)], now, zone)
            await make(session, [Item("T-9", 1)], now, zone)

    with pytest.raises(ProductUnknown):
        await both()
    async with database.read() as session:
        assert await quotes.count(session) == 0
        assert (await session.scalars(select(OutboxMessage))).all() == []


async def test_the_latest_quotes_come_first(session, now, zone, rotterdam):
    made = [await make(session, [Item("T-1", 1)], now + timedelta(hours=hour), zone) for hour in range(3)]
    listed = await quotes.latest(session, shop=rotterdam, limit=2)
    assert [quote.number for quote in listed] == [made[2].number, made[1].number]
    assert listed[0].lines[0].sku == "T-1"
    assert [quote.number for quote in await quotes.latest(session, offset=2)] == [made[0].number]
    utrecht = await session.scalar(select(Shop).where(Shop.number == "S-02"))
    assert (await quotes.count(session), await quotes.count(session, shop=utrecht)) == (3, 0)


async def test_a_conversation_speaks_of_its_last_quote(session, now, zone):
    mine, other = uuid.uuid4(), uuid.uuid4()
    assert await quotes.running(session, mine) is None
    await make(session, [Item("T-1", 1)], now, zone, conversation=mine)
    last = await make(session, [Item("T-1", 2)], now, zone, conversation=mine)
    await make(session, [Item("T-1", 3)], now, zone, conversation=other)
    assert (await quotes.running(session, mine)).number == last.number


async def test_the_promotions_of_a_day_are_told_with_what_they_are_on(session, now):
    today = date(2026, 3, 10)
    shown = await promotions.running(session, today)
    assert [promotion.code for promotion in shown] == ["P-1", "P-2"]
    assert [part.category.slug for promotion in shown for part in promotion.parts] == ["cables", "coffee"]
    assert [promotion.code for promotion in await promotions.running(session, today, member=False)] == ["P-1"]
    television = await session.scalar(select(Product).where(Product.sku == "T-2"))
    assert await promotions.running(session, today, products=[television]) == []
    tomorrow = await promotions.running(session, today + timedelta(days=1), products=[television])
    assert [(promotion.code, promotion.parts[0].product.sku) for promotion in tomorrow] == [("P-3", "T-2")]
    cable = await session.scalar(select(Product).where(Product.sku == "T-1"))
    assert await promotions.count_running(session, today, products=[cable, television]) == 1
    coffee = await session.get(type(shown[1].parts[0].category), shown[1].parts[0].category_id)
    assert [
        promotion.code for promotion in await promotions.running(session, today, categories=[coffee])
    ] == ["P-2"]
    assert [promotion.code for promotion in await promotions.running(session, today, limit=1, offset=1)] == [
        "P-2"
    ]


async def test_a_members_card_is_good_until_its_last_day(session):
    today = date(2026, 3, 10)
    await members.check(session, "2900 0000 0001 8", today)
    assert await members.is_member(session, "2900000000018", today)
    assert not await members.is_member(session, "", today)
    for card, day, error in (
        ("2900000000018", today + timedelta(days=1), CardEnded),
        ("2900000000025", today, CardEnded),
        ("2900000000032", today, CardUnknown),
        ("", today, CardUnknown),
    ):
        assert not await members.is_member(session, card, day)
        with pytest.raises(error):
            await members.check(session, card, day)


class AWeekInTheShop(RuleBasedStateMachine):
    """Quotes are made while prices, names, rates and promotions change; each stays what it was."""

    made = Bundle("made")
    file: Path
    zone = None

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.Runner()
        shutil.copy(self.file, Path(self.folder.name) / "shop.db")
        self.database = Database(path=Path(self.folder.name) / "shop.db")
        self.now = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
        self.kept = {}
        self.sold = {"T-1", "T-2", "T-3"}

    def change(self, work):
        async def changed():
            async with self.database.write() as session:
                return await work(session)

        return self.loop.run(changed())

    @rule(
        target=made,
        wanted=st.lists(st.builds(Item, st.sampled_from(["T-1", "T-2", "T-3"]), st.integers(1, 9)), min_size=1, max_size=4),
        member=st.booleans(),
    )  # fmt: skip
    def make(self, wanted, member):
        if not {item.product for item in wanted} <= self.sold:
            with pytest.raises(ProductUnknown):
                self.change(lambda session: make(session, wanted, self.now, self.zone, member=member))
            return multiple()
        quote = self.change(lambda session: make(session, wanted, self.now, self.zone, member=member))
        assert quote.total == sum(line.amount for line in quote.lines)
        assert quote.number not in self.kept
        self.kept[quote.number] = content(quote)
        return quote.number

    @rule(
        sku=st.sampled_from(["T-1", "T-2", "T-3"]), cents=st.integers(0, 99_999), vat=st.sampled_from(Vat),
        name=st.text("abc", min_size=1, max_size=5), active=st.booleans(),
    )  # fmt: skip
    def change_product(self, sku, cents, vat, name, active):
        async def work(session):
            product = await session.scalar(select(Product).where(Product.sku == sku))
            product.price, product.vat, product.name = Decimal(cents).scaleb(-2), vat, name
            # What is no longer sold can't be quoted, and stays in the quotes that name it.
            product.active = active

        self.change(work)
        (self.sold.add if active else self.sold.discard)(sku)

    @rule(percent=st.integers(1, 100), sku=st.sampled_from(["T-1", "T-3"]), code=st.integers(10, 99))
    def add_promotion(self, percent, sku, code):
        async def work(session):
            product = await session.scalar(select(Product).where(Product.sku == sku))
            if await session.scalar(select(Promotion).where(Promotion.code == f"P-{code}")):
                return
            day = self.now.date()
            session.add(
                Promotion(
                    code=f"P-{code}", name="new", name_nl="nieuw", kind=PromotionKind.PERCENTAGE, percent=percent,
                    members_only=False, starts_on=day, ends_on=day,
                    parts=[PromotionPart(position=1, product_id=product.id)],
                )
            )  # fmt: skip

        self.change(work)

    @rule()
    def drop_promotions(self):
        async def work(session):
            await session.execute(delete(PromotionPart))
            await session.execute(delete(Promotion))

        self.change(work)

    @rule(hours=st.integers(1, 60))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @invariant()
    def every_quote_is_what_it_was(self):
        async def opened():
            async with self.database.read() as session:
                return {number: content(await quotes.get(session, number)) for number in self.kept}

        assert self.loop.run(opened()) == self.kept

    def teardown(self):
        self.loop.run(self.database.close())
        self.loop.close()
        self.folder.cleanup()


def test_a_quote_stays_the_same_whatever_changes(small_shop, zone):
    AWeekInTheShop.file, AWeekInTheShop.zone = small_shop, zone
    run_state_machine_as_test(
        AWeekInTheShop,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
