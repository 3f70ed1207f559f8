"""How a kiosk looks, in both languages. ``pytest --snapshot-update`` takes the pictures anew."""

import pytest
from balie.config import KioskSettings
from balie.tui import DeskScreen
from balie.tui.kiosk.pin import hashed
from balie.tui.widgets.composer import Composer
from balie_testing.screens import SIZES, settled, waited
from textual.widgets import Static

PIN = "135790"
SETTINGS = KioskSettings(pin_hash=hashed(PIN))
languages = pytest.mark.parametrize("language", ["en", "nl"])
small = pytest.mark.parametrize("size", [SIZES["small"]], ids=["small"])


class ShelfScreen(DeskScreen):
    TITLE = "Shelves"
    KIOSK = True

    def body(self):
        yield Static("A to F, G to M, N to Z")


@pytest.fixture(autouse=True)
def with_a_screen(monkeypatch):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (ShelfScreen,))


@pytest.fixture
def kiosk(kiosk):
    def made(**options):
        app = kiosk(**options)
        app.may_leave = True  # taking a picture ends with leaving
        return app

    return made


def doing(*steps):
    """Keys to press; with a quote before it something is said, with a # before it touched, a number waits."""

    async def do(pilot):
        await settled(pilot)
        for step in steps:
            if isinstance(step, int):
                await waited(pilot, step)
            elif step.startswith("'"):
                composer = pilot.app.conversation.query_one(Composer)
                composer.value = step[1:]
                pilot.app.screen.set_focus(composer)
                await pilot.press("enter")
            elif step.startswith("#"):
                await pilot.click(step)
            else:
                await pilot.press(step)
            await settled(pilot)

    return do


async def a_question(pilot):
    """A member's, since only they may borrow."""
    await doing("enter", "'B-101")(pilot)
    pilot.app.session.caller = type(pilot.app.session.caller)(identity="M-1", language=pilot.app.language)
    pilot.app.session.forget()
    await doing("'/borrow_book B-101")(pilot)


@languages
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_attract(snap_compare, kiosk, language, size):
    app = kiosk(kiosk=SETTINGS, language=language)
    assert snap_compare(app, terminal_size=size, run_before=doing())


@languages
@small
def test_question(snap_compare, kiosk, language, size):
    app = kiosk(kiosk=SETTINGS, language=language)
    assert snap_compare(app, terminal_size=size, run_before=a_question)


@small
def test_large_text_and_contrast(snap_compare, kiosk, size):
    async def touch(pilot):
        await a_question(pilot)
        await doing("#large", "#contrast")(pilot)

    assert snap_compare(kiosk(kiosk=SETTINGS), terminal_size=SIZES["large"], run_before=touch)


@small
def test_leaving(snap_compare, kiosk, size):
    app = kiosk(kiosk=SETTINGS, language="nl")
    assert snap_compare(app, terminal_size=size, run_before=doing("enter", 48))


@small
def test_door(snap_compare, kiosk, size):
    app = kiosk(kiosk=SETTINGS, language="nl")
    assert snap_compare(app, terminal_size=size, run_before=doing("f12", "1", "3", "5"))


@languages
@small
def test_operator(snap_compare, kiosk, language, size):
    app = kiosk(kiosk=SETTINGS, language=language)
    used = ("enter", "'B-101", "'B-103", "#done", "f12", *PIN, "enter")

    async def come_in(pilot):
        await doing(*used[:4])(pilot)
        await pilot.app.wiped()
        await doing(*used[4:])(pilot)

    assert snap_compare(app, terminal_size=size, run_before=come_in)
