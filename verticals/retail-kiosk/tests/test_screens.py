"""The screens of the shop: how they look in both languages, and what can be done on them.

``pytest --snapshot-update`` takes the pictures anew; look at them before you keep them.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import balie_retail_kiosk
import pytest
from balie.db import AuditRecord
from balie.locales import entries
from balie.tui import ConfirmScreen
from balie.vertical import load
from balie_retail_kiosk.models import CallReason, Quote, Reservation
from balie_retail_kiosk.services import calls, price_matches, quotes, reservations, shops
from balie_retail_kiosk.services.items import Item
from balie_testing import screens
from balie_testing.locales import sentences
from balie_testing.screens import SIZES, settled
from pytest_textual_snapshot import SVGImageExtension
from sqlalchemy import select
from textual.widgets import DataTable, Input

# The plugin says it as older versions of syrupy were told; its pictures would be called .raw.
SVGImageExtension.file_extension = "svg"

VERTICAL = load("retail-kiosk")
PACKAGE = Path(balie_retail_kiosk.__file__).parent
README = Path(__file__).parents[1] / "README.md"
SNAPSHOTS = Path(__file__).parent / "__snapshots__" / "test_screens"
anyio = pytest.mark.anyio
languages = pytest.mark.parametrize("language", ["en", "nl"])
# Where room is scarce, both languages: a word too long shows there.
looks = pytest.mark.parametrize(
    ("language", "size"),
    [("en", SIZES["small"]), ("nl", SIZES["small"]), ("en", SIZES["large"])],
    ids=["en-small", "nl-small", "en-large"],
)
CABLE, BULB, TELEVISION, COFFEE_MACHINE = "HH-10001", "HH-50002", "HH-20001", "HH-40001"
MEMBER = "2900000010017"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def at_kiosk(seeded_database, frozen_clock):
    """``at_kiosk(language=…)``: the app in kiosk mode."""
    return partial(screens.kiosk_app, VERTICAL, seeded_database, frozen_clock)


@pytest.fixture
def pictured(snap_compare, at_kiosk):
    """``pictured(look, size, …)``: whether the kiosk looks as in the picture, after ``look(pilot)``."""

    def compare(look, size, **options):
        async def take(pilot):
            await look(pilot)
            pilot.app.may_leave = True  # the picture is handed over by ending the app

        return snap_compare(at_kiosk(**options), terminal_size=size, run_before=take)

    return compare


@pytest.fixture
def behind_desk(seeded_database, frozen_clock):
    """``behind_desk()``: the app for Femke, of the staff."""
    return partial(screens.desk_app, VERTICAL, seeded_database, frozen_clock, identity="Femke", role="staff")


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


async def afternoon(app):
    """What staff find: two calls, two quotes, a reservation, a price match; with numbers that stay the same."""
    desk = app.session.desk
    now, zone = desk.clock(), desk.timezone
    async with app.session.write() as db:
        shop = await shops.this_shop(db, "")
        here = {"shop": shop, "now": now, "conversation": None}
        await calls.call(
            db,
            shop=shop,
            reason=CallReason.HEAVY_ITEM,
            place="Kiosk 1",
            note="a television, to the car",
            now=now - timedelta(minutes=9),
            conversation=None,
        )
        await calls.call(db, reason=CallReason.ADVICE, place="Kiosk 2", note="", **here)
        for items in ([Item(BULB, 6)], [Item(CABLE, 2), Item(TELEVISION, 1), Item("HH-40003", 3)]):
            await quotes.make(db, items, timezone=zone, member=False, **here)
        await reservations.make(db, [Item(TELEVISION, 1), Item(CABLE, 1)], timezone=zone, **here)
        await price_matches.request(
            db, TELEVISION, competitor="De Lamp", price=Decimal("449.00"), timezone=zone, **here
        )
        for table, letter in ((Quote, "Q"), (Reservation, "R")):
            found = await db.scalars(select(table).order_by(table.id))
            for n, row in enumerate(found, 1):
                row.number = f"{letter}-7K2M9{n}"


# How they look


async def products(pilot):
    await go(pilot, "Products")
    await search(pilot, "55 inch tv")


async def my_quote(pilot):
    await go(pilot, "My quote")
    for sku, quantity in ((CABLE, 2), (TELEVISION, 1), (BULB, 3)):
        await pilot.app.screen._set(sku, quantity)
    await settled(pilot)


VISITOR = {
    "chat": lambda pilot: settled(pilot),
    "categories": partial(go, title="Products"),
    "products": products,
    "my-quote": my_quote,
    "shop": partial(go, title="The shop"),
}


@looks
@pytest.mark.parametrize("what", VISITOR)
def test_at_a_kiosk(pictured, what, language, size):
    async def look(pilot):
        await begin(pilot)
        await VISITOR[what](pilot)

    assert pictured(look, size, language=language)


@languages
def test_while_nobody_is_there(pictured, language):
    assert pictured(settled, SIZES["large"], language=language)


@pytest.mark.parametrize("button", ["#contrast", "#large"])
def test_for_who_sees_less_well(pictured, button):
    async def look(pilot):
        await begin(pilot)
        await pilot.click(button)
        await settled(pilot)
        await my_quote(pilot)

    assert pictured(look, SIZES["large"])


@looks
@pytest.mark.parametrize(
    "key", ["f4", "f5", "f6", "f7"], ids=["calls", "quotes", "reservations", "price-matches"]
)
def test_for_staff(snap_compare, behind_desk, key, language, size):
    async def look(pilot):
        await settled(pilot)
        await afternoon(pilot.app)
        await press(pilot, key)

    assert snap_compare(behind_desk(language=language), terminal_size=size, run_before=look)


@looks
def test_stock_for_staff(snap_compare, behind_desk, language, size):
    async def look(pilot):
        await settled(pilot)
        await press(pilot, "f8")
        await search(pilot, "hdmi cable 5 m")

    assert snap_compare(behind_desk(language=language), terminal_size=size, run_before=look)


def test_light(snap_compare, behind_desk):
    async def look(pilot):
        await settled(pilot)
        await afternoon(pilot.app)
        await press(pilot, "ctrl+t", "f5", "down")

    assert snap_compare(behind_desk(), terminal_size=SIZES["large"], run_before=look)


PICTURES = {
    "attract": "test_while_nobody_is_there[{}]",
    "chat": "test_at_a_kiosk[chat-{}-small]",
    "products": "test_at_a_kiosk[products-{}-small]",
    "my-quote": "test_at_a_kiosk[my-quote-{}-small]",
    "shop": "test_at_a_kiosk[shop-{}-small]",
    "calls": "test_for_staff[calls-{}-small]",
    "quotes": "test_for_staff[quotes-{}-small]",
    "reservations": "test_for_staff[reservations-{}-small]",
    "price-matches": "test_for_staff[price-matches-{}-small]",
    "stock": "test_stock_for_staff[{}-small]",
}


@languages
@pytest.mark.parametrize("picture", PICTURES)
def test_the_readme_shows_them_as_they_look(picture, language, request):
    snapshot = SNAPSHOTS / f"{PICTURES[picture].format(language)}.svg"
    shown = README.parents[2] / "docs" / "pictures" / "kiosk" / f"{picture}-{language}.svg"
    if request.config.option.update_snapshots:
        shown.parent.mkdir(parents=True, exist_ok=True)
        shown.write_bytes(snapshot.read_bytes())
    assert shown.read_bytes() == snapshot.read_bytes(), f"{shown.name} is not what the screen looks like now"
    assert f"../../docs/pictures/kiosk/{shown.name}" in README.read_text(encoding="utf-8")


@anyio
@languages
async def test_every_screen_is_named_in_the_smallest_terminal(behind_desk, language):
    app = behind_desk(language=language)
    async with app.run_test(size=SIZES["small"]) as pilot:
        await settled(pilot)
        names = list(app.screen.query("PageName"))
        assert len(names) == len(app.pages)
        assert names[-1].region.right <= app.size.width


def test_everything_that_is_said_is_said_in_dutch_too():
    assert set(entries(PACKAGE / "locales", "nl")) == sentences(PACKAGE)


# What staff can do


async def audited(app):
    async with app.session.read() as db:
        return [(each.action, each.subject, each.actor) for each in await db.scalars(select(AuditRecord))]


@anyio
async def test_a_call_is_taken_and_closed(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f4")
        assert rows(app) == ["H-1", "H-2"]
        assert "a television, to the car" in told(app)
        await press(pilot, "a")
        assert "Femke" in told(app)
        await press(pilot, "c")
        assert rows(app) == ["H-2"]
        assert await audited(app) == [
            ("call.take", "call:H-1", "staff:Femke"),
            ("call.close", "call:H-1", "staff:Femke"),
        ]


@anyio
async def test_a_quote_is_opened_by_its_number_however_it_is_written(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f5")
        assert len(rows(app)) == 2
        await search(pilot, "q 7k2m91")
        assert rows(app) == ["Q-7K2M91"]
        assert "€19.80" in told(app)
        await search(pilot, "Q-000000")
        assert rows(app) == []


@anyio
async def test_staff_print_a_quote(behind_desk, tmp_path, monkeypatch):
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f5", "p")
        number = rows(app)[0]
        assert (tmp_path / "data" / "quotes" / f"{number}.pdf").is_file()
        assert any(number in each.message for each in app._notifications)


@anyio
async def test_a_reservation_is_handed_over(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f6", "o")
        assert rows(app) == []
        await search(pilot, "R-7K2M91")
        assert "collected" in told(app)
        await press(pilot, "o")
        assert "collected" in next(iter(app._notifications)).message


@anyio
@pytest.mark.parametrize(("answer", "left"), [("n", ["R-7K2M91"]), ("y", [])])
async def test_a_reservation_is_cancelled_after_a_question(behind_desk, answer, left):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f6", "x")
        assert isinstance(app.screen, ConfirmScreen)
        await press(pilot, answer)
        assert rows(app) == left


@anyio
@pytest.mark.parametrize(("key", "status"), [("a", "approved"), ("d", "declined")])
async def test_a_price_match_is_decided(behind_desk, key, status):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f7")
        assert "('Difference', '€30.00')" in told(app)
        await press(pilot, key, "y")
        assert rows(app) == []
        async with app.session.read() as db:
            match = await price_matches.get(db, "M-1")
        assert (match.status, match.decided_by) == (status, "Femke")


@anyio
async def test_staff_see_what_is_kept_back_and_when_it_was_counted(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await afternoon(app)
        await press(pilot, "f8")
        await search(pilot, TELEVISION)
        assert "2, aisle A1, shelf 1\\n3 on the shelf, 1 kept back\\ncounted" in told(app)
