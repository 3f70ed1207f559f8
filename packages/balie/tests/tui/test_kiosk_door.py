"""No way out of a kiosk but the operator's."""

import itertools
import string
from dataclasses import replace
from functools import partial

import pytest
from balie.config import KioskSettings
from balie.db.tables import AuditRecord
from balie.errors import BadRequest, ConfigError, DatabaseBusy
from balie.tui import DeskScreen
from balie.tui.kiosk.attract import AttractScreen
from balie.tui.kiosk.conversation import KioskConversation
from balie.tui.kiosk.door import PinScreen
from balie.tui.kiosk.leaving import LeavingScreen
from balie.tui.kiosk.operator import OperatorScreen
from balie.tui.kiosk.pin import FREE_TRIES, LONGEST_WAIT, Door, hashed, matches
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from balie_testing.screens import Stopwatch, settled, typed, waited
from sqlalchemy import select
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import Keys

anyio = pytest.mark.anyio

PIN = "135790"
PIN_HASH = hashed(PIN)
WITH_PIN = KioskSettings(pin_hash=PIN_HASH)

MODIFIERS = [
    "+".join(some)
    for size in range(4)
    for some in itertools.combinations(("ctrl", "alt", "shift", "super", "hyper", "meta"), size)
]
NAMED = [
    *(f"f{n}" for n in range(1, 36)),
    *"escape enter tab backspace delete insert home end pageup pagedown up down left right space".split(),
    *"backslash left_square_bracket right_square_bracket circumflex_accent underscore at question_mark".split(),
    *"print_screen pause menu caps_lock scroll_lock num_lock".split(),
]


def every_key():
    """Keys and chords, as Textual names them: its own list, what a terminal sends, and every combination."""
    named = {key.value for key in Keys} | {
        key.value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) for key in keys
    }
    plain = [*NAMED, *string.ascii_lowercase, *string.digits]
    chords = {f"{some}+{key}" if some else key for some in MODIFIERS for key in plain}
    return sorted(named | chords)


class PlaceScreen(DeskScreen):
    TITLE = "Place"
    KIOSK = True


CUSTOMERS = AttractScreen, KioskConversation, PlaceScreen, LeavingScreen


async def press_all(pilot, keys):
    """Every key once, without waiting for each; after some, everything must still be as it should."""
    app = pilot.app
    for number, key in enumerate(keys):
        character = key if len(key) == 1 else None
        app.post_message(events.Key(key, character))
        if number % 250 == 249:
            await pilot.pause()
            yield keys[number - 249 : number + 1]
    await settled(pilot)
    yield keys[-250:]


@anyio
@pytest.mark.parametrize("where", ["attract", "conversation", "a screen of the vertical", "leaving"])
async def test_no_key_and_no_chord_leaves(kiosk, monkeypatch, where):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (PlaceScreen,))
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        if where != "attract":
            await pilot.press("enter")
        if where == "a screen of the vertical":
            await pilot.click("#to-screen-3")
        if where == "leaving":
            await waited(pilot, 50)
        await settled(pilot)
        async for pressed in press_all(pilot, every_key()):
            assert app.is_running, pressed
            assert app.return_code is None, pressed
            assert all(isinstance(screen, CUSTOMERS) for screen in app.screen_stack), pressed
    assert len(every_key()) > 3000


@anyio
async def test_with_a_pin_keys_come_to_the_door_and_no_further(kiosk):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f12")
        assert isinstance(app.screen, PinScreen)
        # Escape goes back, and digits with enter are guesses; a right one is not among these.
        keys = [key for key in every_key() if not key.isdigit()]
        async for pressed in press_all(pilot, keys):
            assert app.is_running, pressed
            assert app.return_code is None, pressed
            allowed = (*CUSTOMERS, PinScreen)
            assert all(isinstance(screen, allowed) for screen in app.screen_stack), pressed


@anyio
@pytest.mark.parametrize(
    "action",
    [
        "quit",
        "app.quit",
        "suspend_process",
        "command_palette",
        "screenshot",
        "change_theme",
        "show_help_panel",
        "help",
        "page('f3')",
        "switch_mode('screen-2')",
        "push_screen('x')",
        "pop_screen",
        "back",
        "light_or_dark",
        "simulate_key('f12')",
    ],
)
async def test_no_action_of_the_app_does_anything(kiosk, action):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        before = list(app.screen_stack), app.theme
        assert not await app.run_action(action, app)
        await pilot.pause()
        assert (list(app.screen_stack), app.theme) == before
        assert app.return_code is None


@anyio
async def test_what_leads_elsewhere_leads_nowhere(kiosk, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        app.open_url("https://example.org")
        app.copy_to_clipboard("what was said")
        with app.suspend():
            pass
        app.exit()
        await pilot.pause()
        assert (opened, app.clipboard, app.return_code) == ([], "", None)


@anyio
async def test_without_a_pin_there_is_no_door(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "balie keys pin" in str(app.screen.query_one("#attract-notice").content)
        await pilot.press("f12")
        await pilot.click("#attract-corner")
        await settled(pilot)
        assert isinstance(app.screen, AttractScreen)


async def enter(pilot, pin):
    await typed(pilot, *pin, "enter")


@anyio
@pytest.mark.parametrize("by", ["key", "touch"])
async def test_the_operator_comes_in_and_leaves(kiosk, by):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        if by == "key":
            await pilot.press("f12", *PIN, "enter")
        else:
            await pilot.click("#attract-corner")
            await pilot.pause()
            for digit in PIN:
                await pilot.click(f"#key-{'123456789x0'.index(digit)}")
            await pilot.click("#key-11")
        await settled(pilot)
        assert isinstance(app.screen, OperatorScreen)
        await pilot.click("#operator-leave")
        await pilot.pause()
        assert app.return_code == 0


@anyio
async def test_a_wrong_pin_does_not_open_and_a_back_goes_back_to_the_visitor(kiosk):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("B", "f12")
        await enter(pilot, "135791")
        assert isinstance(app.screen, PinScreen)
        assert str(app.screen.query_one("#door-told").content) == "That is not the PIN."
        assert str(app.screen.query_one("#door-dots").content) == "–"
        await pilot.press("escape")
        assert app.screen is app.conversation
        assert app.conversation.query_one("#composer").value == "B"
        async with app.session.read() as session:
            assert [r.action for r in await session.scalars(select(AuditRecord))] == ["kiosk.wrong_pin"]


@anyio
async def test_after_too_many_wrong_ones_the_right_one_waits_too(kiosk):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f12")
        for _ in range(FREE_TRIES):
            await enter(pilot, "000000")
        assert "Wait 5 seconds" in str(app.screen.query_one("#door-told").content)
        await enter(pilot, PIN)
        assert isinstance(app.screen, PinScreen)
        await waited(pilot, 5)
        await enter(pilot, PIN)
        assert isinstance(app.screen, OperatorScreen)


@anyio
async def test_the_door_and_the_page_are_left_as_a_visit_is(kiosk):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f12", "1", "3")
        await waited(pilot, 60)
        assert isinstance(app.screen, AttractScreen)
        await pilot.press("f12")
        await enter(pilot, PIN)
        await waited(pilot, 60)
        assert isinstance(app.screen, AttractScreen)


@anyio
async def test_while_the_database_is_out_of_reach_the_operator_comes_in(kiosk, monkeypatch):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)

        def busy():
            raise DatabaseBusy("Another writer holds the database; try again.")

        monkeypatch.setattr(app.session.desk.database, "write", busy)
        monkeypatch.setattr(app.session.desk.database, "read", busy)
        await pilot.press("f12")
        await enter(pilot, PIN)
        assert isinstance(app.screen, OperatorScreen)
        await pilot.click("#operator-leave")
        await pilot.pause()
        assert app.return_code == 0


def at(kiosk, **hooks):
    """The kiosk of a library that has these hooks."""
    _, database, clock = kiosk.args
    return partial(kiosk.func, replace(VERTICAL, **hooks), database, clock)


async def operator(pilot):
    await settled(pilot)
    await pilot.press("f12")
    await enter(pilot, PIN)


def told(app):
    return {label: value for facts in app.screen.query("Facts") for label, value in facts.facts}


@anyio
async def test_the_page_tells_how_the_desk_is_and_how_it_is_used(kiosk, frozen_clock, monkeypatch):
    async def lines(session):
        return [("Stock counted", frozen_clock()), ("Products", 1500)]

    monkeypatch.setattr("balie_testing.library.screens.lines", lines, raising=False)
    app = at(kiosk, operator_at="screens:lines")(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*"B-101", "enter")
        await settled(pilot)
        await pilot.click("#done")
        await app.wiped()
        await operator(pilot)
        assert told(app) == {
            "Desk": "ready",
            "Model": "fake",
            "Database": "in order",
            "Visits still to be wiped": "0",
            "Stock counted": "Tue 10 Mar 09:00",
            "Products": "1,500",
            "Tue 10 Mar": "1  (en 1)",
        }


@anyio
async def test_the_operator_restarts_the_model(kiosk):
    app = kiosk(kiosk=WITH_PIN, models=FakeModels(VERTICAL.team.commands, why="the file is gone"))
    async with app.run_test() as pilot:
        await operator(pilot)
        assert told(app)["Desk"] == "limited: forms and exact words the file is gone"
        app.session.new_models = lambda: FakeModels(VERTICAL.team.commands)
        await pilot.click("#operator-restart")
        await settled(pilot)
        assert told(app)["Desk"] == "ready"
        assert str(app.screen.query_one("#operator-told").content) == "The model is being loaded anew."


@anyio
@pytest.mark.parametrize("works", [True, False])
async def test_the_operator_prints_a_page(kiosk, monkeypatch, works):
    printed = []

    def test_print(settings):
        printed.append(settings.kiosk.name)
        if not works:
            raise BadRequest("There is no printer at /dev/usb/lp0.")

    monkeypatch.setattr("balie_testing.library.screens.test_print", test_print, raising=False)
    settings = KioskSettings(pin_hash=PIN_HASH, name="Kiosk 7")
    app = at(kiosk, test_print_at="screens:test_print")(kiosk=settings)
    async with app.run_test() as pilot:
        await operator(pilot)
        await pilot.click("#operator-print")
        await settled(pilot)
        assert printed == ["Kiosk 7"]
        shown = str(app.screen.query_one("#operator-told").content)
        assert shown == (
            "A test page is on its way to the printer." if works else "There is no printer at /dev/usb/lp0."
        )


@anyio
async def test_without_a_printer_of_its_own_the_vertical_has_no_such_button(kiosk):
    app = kiosk(kiosk=WITH_PIN)
    async with app.run_test() as pilot:
        await operator(pilot)
        assert not app.screen.query("#operator-print")
        await pilot.click("#operator-back")
        await app.wiped()
        await settled(pilot)
        assert isinstance(app.screen, AttractScreen)
        async with app.session.read() as session:
            assert [r.action for r in await session.scalars(select(AuditRecord))] == ["kiosk.operator"]


def test_a_pin_is_kept_as_a_hash_with_a_salt():
    assert PIN not in PIN_HASH
    assert hashed(PIN) != PIN_HASH
    assert matches(PIN, PIN_HASH)
    assert not matches("135791", PIN_HASH)


@pytest.mark.parametrize("pin", ["", "12345", "1234567890123", "abcdef", "１２３４５６", "12 456"])
def test_what_is_no_pin_is_refused(pin):
    with pytest.raises(BadRequest, match="6 to 12 digits"):
        hashed(pin)


@pytest.mark.parametrize("stored", ["135790", "scrypt:1:2:3", "bcrypt:2:8:1:00:00", "scrypt:3:8:1:00:zz"])
def test_a_hash_that_is_none_is_told(stored):
    with pytest.raises(ConfigError, match="balie keys pin"):
        matches(PIN, stored)


@anyio
async def test_each_wrong_pin_makes_it_wait_longer():
    clock = Stopwatch()
    door = Door(PIN_HASH, clock)
    waits = []
    for _ in range(FREE_TRIES + 3):
        assert not await door.opens("000000")
        waits.append(door.waits)
        clock.now += door.waits
    assert waits == [0, 0, 5, 10, 20, 40]
    door._wrong = 60
    await door.opens("000000")
    assert door.waits == LONGEST_WAIT
    clock.now += LONGEST_WAIT
    assert await door.opens(PIN)
    await door.opens("000000")
    assert door.waits == 0
