"""A whole visit by keyboard, and that nothing of it can be read when the person has walked away.

And every key and chord on every screen of the shop: none of them leads out.
"""

import gc

import pytest
from balie.config import KioskSettings
from balie.db.tables import AuditRecord, Conversation, OutboxMessage, PendingAction, TurnRecord
from balie.tui.kiosk.attract import AttractScreen
from balie.tui.kiosk.leaving import LeavingScreen
from balie.vertical import load
from balie_retail_kiosk.models import CallStatus, Quote, StaffCall
from balie_retail_kiosk.screens.my_quote import MyQuoteScreen
from balie_retail_kiosk.screens.products import ProductsScreen
from balie_testing import escpos, screens
from balie_testing.models import FakeModels
from balie_testing.screens import settled, typed, waited
from sqlalchemy import select
from textual import keys
from textual.widgets import Input

VERTICAL = load("retail-kiosk")
pytestmark = pytest.mark.anyio

NAME = "egnilezeiB"[::-1]  # no other test has it: their modules are in memory too
"""Not written out, or the source of this test would be found to hold it."""
LOOKS = f"i am {NAME}, do you have hdmi cables of 2 m"
WANTS = f"two harbour hdmi cables of 2 m for {NAME}"
PRINTS = "print the quote"
CALLS = f"can somebody help {NAME} carry a heavy television"
MEANINGS = {LOOKS: "find_products", WANTS: "make_quote", PRINTS: "print_quote", CALLS: "call_staff"}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def printer(tmp_path):
    """The file that the receipt printer is."""
    file = tmp_path / "lp0"
    file.touch()
    return file


@pytest.fixture
def app(seeded_database, frozen_clock, tmp_path, monkeypatch, printer):
    """The kiosk, with everything that it keeps below ``tmp_path``."""
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    return screens.kiosk_app(
        VERTICAL,
        seeded_database,
        frozen_clock,
        models=FakeModels(VERTICAL.team.commands, MEANINGS),
        kiosk=KioskSettings(printer=f"file:{printer}"),
        notes=tmp_path / "visits",
    )


async def type_(pilot, text):
    await typed(pilot, *("space" if letter == " " else letter for letter in text))
    await typed(pilot, "enter")


async def tab_to(pilot, wanted):
    """With the tab key to a control: everything can be reached without touching."""
    for _ in range(40):
        if pilot.app.focused is not None and pilot.app.focused.id == wanted:
            return
        await pilot.press("tab")
    raise AssertionError(f"the tab key never comes to {wanted}")


async def go(pilot, screen):
    page = next(page for page in pilot.app.pages if page.screen is screen)
    await tab_to(pilot, f"to-{page.mode}")
    await pilot.press("enter")
    await settled(pilot)


def readable(app):
    """Everything on the screen, as somebody reads it."""
    return "".join(str(strip.text) for strip in app.screen._compositor.render_strips())


async def rows(app, table):
    async with app.session.read() as db:
        return list((await db.scalars(select(table))).all())


def holders(secret, own):
    """Who holds a text with the secret in it, but for the texts of this test (the very same objects)."""
    folded = secret.casefold()
    mine = {id(text) for text in (*own, folded)}
    texts = (
        (held, text)
        for held in gc.get_objects()
        for text in gc.get_referents(held)
        if isinstance(text, str) and folded in text.casefold() and id(text) not in mine
    )
    return sorted({f"{type(held).__name__}: {text[:60]!r}" for held, text in texts})


async def test_a_whole_visit_and_nothing_of_it_is_left(app, tmp_path, printer):
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)

        # In Dutch, please.
        await tab_to(pilot, "language-nl")
        await pilot.press("enter")
        await settled(pilot)
        assert app.language == "nl"

        # A question, with a name in it.
        await type_(pilot, LOOKS)
        assert NAME in readable(app)
        assert "HDMI" in app.conversation.log_view.said[-1].text

        # A barcode.
        await type_(pilot, "8720000100013")
        assert "Harbour HDMI Cable 2 m" in app.conversation.log_view.said[-1].text

        # A quote, confirmed.
        await type_(pilot, WANTS)
        await tab_to(pilot, "answer-yes")
        await pilot.press("enter")
        await settled(pilot)
        (quote,) = await rows(app, Quote)
        assert quote.number in app.conversation.log_view.said[-1].text

        # Printed.
        await type_(pilot, PRINTS)
        await tab_to(pilot, "answer-yes")
        await pilot.press("enter")
        await settled(pilot)
        paper = escpos.read(printer.read_bytes())
        assert paper.codes == [quote.number]
        assert "Offerte" in paper.text
        assert NAME not in paper.text

        # Somebody is called, with a note.
        await type_(pilot, CALLS)
        await tab_to(pilot, "answer-yes")
        await pilot.press("enter")
        await settled(pilot)
        (call,) = await rows(app, StaffCall)
        assert call.status is CallStatus.WAITING
        assert NAME in call.note

        # The other screens.
        await go(pilot, ProductsScreen)
        app.screen.query_one(Input).focus()
        await type_(pilot, NAME)
        assert NAME in readable(app)
        await go(pilot, MyQuoteScreen)
        assert "Harbour HDMI Cable 2 m" in readable(app)
        visit = app.session.conversation

        # And away.
        await waited(pilot, 45)
        assert isinstance(app.screen, LeavingScreen)
        await waited(pilot, 15)
        assert isinstance(app.screen, AttractScreen)

        # Not on the screen, which is as the next one wants it.
        assert NAME not in readable(app)
        assert app.language == "en"
        for page in app.pages:
            await app.switch_mode(page.mode)
            await settled(pilot)
            assert NAME not in readable(app)
            assert quote.number not in readable(app)

        # Not in the tables: the quote, which names nobody, is nobody's.
        for table in (Conversation, TurnRecord, PendingAction):
            assert await rows(app, table) == []
        (call,) = await rows(app, StaffCall)
        assert (call.status, call.note, call.conversation) == (CallStatus.WAITING, "", None)
        assert [each.conversation for each in await rows(app, Quote)] == [None]
        assert NAME not in str([each.payload for each in await rows(app, OutboxMessage)])

        # Not in any file.
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert any(file.suffix == ".sqlite3" for file in files)
        for secret in (NAME.encode(), NAME.casefold().encode(), visit.hex.encode(), visit.bytes):
            assert [file.name for file in files if secret in file.read_bytes()] == []

        # The audit log still says what was done: not in which visit, nor a word of it.
        log = await rows(app, AuditRecord)
        assert [record.action for record in log] == ["make_quote", "print_quote", "call_staff"]
        everywhere = b"".join(file.read_bytes() for file in files)
        assert everywhere.count(str(visit).encode()) == 0

        # Not in memory.
        app.session.desk.models.read.clear()
        number = quote.number
        del quote, paper
        gc.collect()
        assert holders(NAME, {NAME, LOOKS, WANTS, CALLS}) == []
        assert holders(number, {number}) == []


async def test_what_could_not_be_printed_is_not_printed_for_the_next_one(app, printer):
    printer.unlink()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("space")
        await type_(pilot, WANTS)
        await tab_to(pilot, "answer-yes")
        await pilot.press("enter")
        await settled(pilot)
        await type_(pilot, PRINTS)
        await tab_to(pilot, "answer-yes")
        await pilot.press("enter")
        await settled(pilot)
        assert app.conversation.log_view.said[-1].text.startswith("The printer can't be reached.")
        await tab_to(pilot, "done")
        await pilot.press("enter")
        await app.wiped()
        printer.touch()
        await pilot.press("space")
        await settled(pilot)
        await waited(pilot, 16)
        assert printer.read_bytes() == b""


# Ways out


PLAIN = [
    *"abcdefghijklmnopqrstuvwxyz0123456789",
    *sorted({str(key.value) for key in keys.Keys if "+" not in key.value} - {"<ignore>"}),
]

# The other chords are tried on a screen of every kind in the tests of the runtime.
KEYS = ["", "ctrl+"]


@pytest.mark.parametrize("page", [1, 2, 3], ids=["products", "my quote", "the shop"])
async def test_no_key_leads_out(app, page):
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("space")
        known = {each.mode: each.screen for each in app.pages}
        mode = app.pages[page].mode
        for modifier in KEYS:
            await app.switch_mode(mode)
            await typed(pilot, *(f"{modifier}{key}" for key in PLAIN))
            assert app.is_running
            assert not app._exit
            assert known[app.current_mode] is type(app.screen), "nothing lies over the kiosk's own screens"
        await app.switch_mode(mode)
        await settled(pilot)
        assert app.return_code is None
        assert app.screen.query_one("#done").is_on_screen, "it still works"
