"""A barcode scanner at a kiosk: digits and enter, wherever the focus is."""

import pytest
from balie.tui import DeskScreen
from balie.tui.widgets.bubble import Speaker
from balie_testing.screens import settled, typed, waited
from textual.widgets import Input

pytestmark = pytest.mark.anyio


class NoteScreen(DeskScreen):
    TITLE = "Notes"
    KIOSK = True

    def body(self):
        yield Input(id="note")


@pytest.fixture
def with_screens(monkeypatch):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (NoteScreen,))


def said(app):
    return [(line.speaker, line.text) for line in app.conversation.log_view.said]


@pytest.mark.parametrize(
    ("focus", "end"), [("#note", "enter"), ("#note", "ctrl+j"), ("#done", "enter"), (None, "ctrl+j")]
)
async def test_a_scanned_code_goes_into_the_message_wherever_the_focus_is(kiosk, with_screens, focus, end):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        screen = app.screen
        screen.query_one("#note").value = "before"
        screen.set_focus(screen.query_one(focus) if focus else None)
        await typed(pilot, *"8720000100013", end)
        assert app.screen is app.conversation
        assert (Speaker.PERSON, "8720000100013") in said(app)
        assert screen.query_one("#note").value == "before"


@pytest.mark.parametrize(("digits", "end"), [("8720000100013", "enter"), ("96385074", "ctrl+j")])
async def test_a_code_that_is_scanned_first_of_all_is_said(kiosk, digits, end):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await typed(pilot, *digits, end)
        assert (Speaker.PERSON, digits) in said(app)


async def test_a_code_that_is_scanned_while_it_counts_down_is_said(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await waited(pilot, 50)
        await typed(pilot, *"8720000100013", "enter")
        assert (Speaker.PERSON, "8720000100013") in said(app)


class ScanningScreen(NoteScreen):
    code = ""

    async def scanned(self, digits):
        self.code = digits
        return True


async def test_a_screen_may_make_something_of_a_code_itself(kiosk, monkeypatch):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (ScanningScreen,))
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        await pilot.press(*"2900000000018", "enter")
        assert app.screen.code == "2900000000018"


async def test_a_few_digits_are_no_code(kiosk, with_screens):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        app.screen.query_one("#note").focus()
        await pilot.press(*"1234567", "enter")
        assert app.screen.query_one("#note").value == "1234567"
