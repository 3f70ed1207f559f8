"""What visitors can do on the screens of the shop, by touch and by keyboard."""

from decimal import Decimal
from functools import partial

import pytest
from balie.vertical import load
from balie_retail_kiosk.models import Product
from balie_retail_kiosk.screens.my_quote import MyQuoteScreen, QuoteLineRow
from balie_retail_kiosk.services import quotes, shops, stock
from balie_testing import screens
from balie_testing.screens import settled
from sqlalchemy import select
from textual.widgets import Button, DataTable, Input

VERTICAL = load("retail-kiosk")
pytestmark = pytest.mark.anyio
CABLE, BULB, TELEVISION, COFFEE_MACHINE = "HH-10001", "HH-50002", "HH-20001", "HH-40001"
MEMBER, ENDED = "2900000010017", "2900000010048"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def at_kiosk(seeded_database, frozen_clock, tmp_path, monkeypatch):
    """``at_kiosk(language=…)``: the app in kiosk mode."""
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    return partial(screens.kiosk_app, VERTICAL, seeded_database, frozen_clock)


async def press(pilot, *keys):
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def begin(pilot):
    await settled(pilot)
    await press(pilot, "space")


async def go(pilot, title):
    """To the kiosk's screen of that title."""
    page = next(page for page in pilot.app.pages if page.title == title)
    await pilot.click(f"#to-{page.mode}")
    await settled(pilot)


async def search(pilot, words):
    line = pilot.app.screen.query_one(Input)
    line.value = words
    pilot.app.screen.set_focus(line)
    await press(pilot, "enter")


def rows(app):
    return [str(row.value) for row in app.screen.query_one(DataTable).rows]


def told(app, selector=".records-detail Static"):
    parts = app.screen.query(selector)
    return "\n".join(f"{getattr(part, 'facts', '')}{part.content}" for part in parts)


async def test_products_are_found_while_somebody_types(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "Products")
        assert rows(app)[0].startswith("category ")
        await search(pilot, "a bicycle bell")
        assert rows(app) == []
        await search(pilot, "hdmi cabel 2m")
        assert rows(app)[0] == CABLE
        assert "24, aisle A3, shelf 2" in told(app)
        assert "10% off HDMI cables" in told(app)


async def test_a_category_that_is_touched_shows_what_is_in_it(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "Products")
        category = rows(app).index("category hdmi-cables")
        app.screen.query_one(DataTable).move_cursor(row=category)
        await press(pilot, "enter")
        await search(pilot, app.screen.query_one(Input).value)
        assert {"HH-10001", "HH-10002", "HH-10003", "HH-10004"} <= set(rows(app))
        async with app.session.read() as db:
            found = (await db.scalars(select(Product).where(Product.sku.in_(rows(app))))).all()
            assert len({each.category_id for each in found}) == 1


async def test_what_is_on_its_way_and_elsewhere_is_told(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "Products")
        await search(pilot, "HH-10003")
        assert "none now" in told(app)
        assert "20 on Fri 13 Mar" in told(app)
        assert "('Utrecht', '7')" in told(app)


async def test_a_quote_is_put_together_made_and_asked_to_be_printed(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "Products")
        await search(pilot, "HH-50002")
        await pilot.click("#add")
        await settled(pilot)
        assert isinstance(app.screen, MyQuoteScreen)
        for _ in range(2):
            await pilot.click("QuoteLineRow .more")
            await settled(pilot)
        assert "€9.90" in told(app, ".line-amount"), "three for the price of two"
        assert "You save €4.95" in told(app, "#quote-sums")
        await pilot.click("#make")
        await settled(pilot)
        assert app.screen is app.conversation
        await pilot.click("#answer-yes")
        await settled(pilot)
        async with app.session.read() as db:
            quote = await quotes.running(db, app.session.conversation)
        assert [(line.sku, line.quantity, line.amount) for line in quote.lines] == [
            (BULB, 3, Decimal("9.90"))
        ]
        await go(pilot, "My quote")
        assert f"Quote {quote.number}, valid until Tue 17 Mar" in told(app, "#quote-head")
        await pilot.click("#print")
        await settled(pilot)
        await pilot.click("#answer-yes")
        await settled(pilot)
        assert any(quote.number in line.text for line in app.conversation.log_view.said[-2:])


async def test_a_quote_that_is_changed_is_another_one(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "My quote")
        await app.screen.add(CABLE)
        await press(pilot, "m")
        await pilot.click("#answer-yes")
        await settled(pilot)
        await go(pilot, "My quote")
        assert app.screen.number
        await pilot.click("QuoteLineRow .more")
        await settled(pilot)
        assert not app.screen.number
        assert app.screen.query_one("#make", Button).display
        await pilot.click("QuoteLineRow .fewer")
        await settled(pilot)
        await pilot.click("QuoteLineRow .fewer")
        await settled(pilot)
        assert not app.screen.query(QuoteLineRow)
        assert "There is nothing in it yet" in told(app, "#quote-lines .empty")


async def test_what_was_made_by_talking_can_be_changed_by_touching(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        turn = await app.session.run("make_quote", {"items": [{"product": CABLE, "quantity": 2}]})
        await app.session.decide(turn.pending.id, yes=True)
        await go(pilot, "My quote")
        assert app.screen.items == {CABLE: 2}
        await app.screen.add(BULB)
        assert app.screen.items == {CABLE: 2, BULB: 1}


async def test_things_are_kept_back(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "My quote")
        await app.screen.add(TELEVISION)
        await press(pilot, "k")
        await pilot.click("#answer-yes")
        await settled(pilot)
        async with app.session.read() as db:
            shop = await shops.this_shop(db, "")
            product = await db.scalar(select(Product).where(Product.sku == TELEVISION))
            assert (await stock.available(db, [product.id], shop, app.session.now()))[product.id] == 2


async def test_a_scanned_product_goes_where_one_is(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "Products")
        await press(pilot, *"8720000200010", "enter")
        await search(pilot, app.screen.query_one(Input).value)
        assert rows(app) == [TELEVISION]
        await go(pilot, "My quote")
        await press(pilot, *"8720000100013", "enter")
        assert app.screen.items == {CABLE: 1}


async def test_a_scanned_members_card_gets_members_prices_and_another_card_is_no_product(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "My quote")
        await app.screen.add(COFFEE_MACHINE)
        assert "€119.00" in told(app, "#quote-sums")
        await press(pilot, *MEMBER, "enter")
        assert "with members’ prices" in told(app, "#quote-head")
        assert "€101.15" in told(app, "#quote-sums")
        await press(pilot, *ENDED, "enter")
        assert app.screen is app.conversation, "a card that has ended is answered there"


async def test_a_wrong_barcode_is_told_and_nothing_is_taken(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "My quote")
        await press(pilot, *"8720000100014", "enter")
        assert app.screen is app.conversation
        assert "8720000100014" in app.conversation.log_view.said[-1].text
        await go(pilot, "My quote")
        assert app.screen.items == {}


async def test_hours_and_places(at_kiosk):
    app = at_kiosk(language="nl")
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "The shop")
        await search(pilot, "toilet")
        assert rows(app) == ["toilets"]
        assert "Nu open" in told(app)
        assert "09:00–18:00" in told(app)
        await search(pilot, "televisies")
        assert rows(app) == ["televisions"]


async def test_another_language_keeps_what_is_in_the_quote(at_kiosk):
    app = at_kiosk()
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(pilot)
        await go(pilot, "My quote")
        await app.screen.add(CABLE)
        await pilot.click("#language")
        await settled(pilot)
        assert app.screen.items == {CABLE: 1}
        assert "Totaal" in told(app, "#quote-sums")
        assert str(app.screen.query_one("#make", Button).label) == "Offerte maken"


async def test_staff_screens_are_not_there_at_a_kiosk(at_kiosk):
    app = at_kiosk()
    async with app.run_test() as pilot:
        await begin(pilot)
        assert [page.title for page in app.pages] == ["Chat", "Products", "My quote", "The shop"]
