"""Getting about, opening, and what is never shown."""

import pytest
from balie.errors import DatabaseUnavailable
from balie.tui import DeskApp, DeskScreen
from balie.tui.health import Desk
from balie.tui.screens.help import HelpScreen
from balie.tui.text import plain
from balie_testing.library.vertical import VERTICAL
from balie_testing.screens import settled
from textual.widgets import Button

anyio = pytest.mark.anyio


@anyio
async def test_keys_open_the_screens_from_anywhere(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f3")
        assert app.screen.TITLE == "Forms"
        await pilot.press("f2")
        assert app.screen.TITLE == "Chat"
        await pilot.press("f12")
        assert app.screen.TITLE == "Chat"


@anyio
async def test_a_click_on_its_name_opens_a_screen(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.click("PageName:last-of-type")
        await pilot.pause()
        assert app.screen.TITLE == "Forms"


@anyio
async def test_help_names_the_keys_and_what_the_desk_can_do(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        told = "\n".join(str(part.content) for part in app.screen.query("Static"))
        assert "Lend a copy of a book to the member, for two weeks." in told
        await pilot.press("escape")
        assert app.screen is app.conversation


@anyio
async def test_light_and_dark(library):
    app = library()
    async with app.run_test() as pilot:
        assert app.current_theme.dark
        await pilot.press("ctrl+t")
        assert not app.current_theme.dark
        await pilot.press("ctrl+t")
        assert app.current_theme.dark


class StaffScreen(DeskScreen):
    TITLE = "Staff"
    ROLES = frozenset({"staff"})


class CustomerScreen(DeskScreen):
    TITLE = "Mine"
    ROLES = frozenset({"customer"})

    def body(self):
        yield Button("Break", id="break")

    def on_button_pressed(self):
        raise ValueError("secret")


@anyio
@pytest.mark.parametrize(("role", "titles"), [("staff", ["Staff"]), ("customer", ["Mine"]), ("admin", [])])
async def test_a_role_sees_its_own_screens(library, monkeypatch, role, titles):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (StaffScreen, CustomerScreen))
    app = library(role=role)
    async with app.run_test() as pilot:
        await settled(pilot)
        assert [page.title for page in app.pages][2:] == titles
        await pilot.press("f4")
        assert (titles or ["Chat"])[0] == app.screen.TITLE


def failing(report):
    report("Looking for the database …")
    raise DatabaseUnavailable("The file is not a database.")


@anyio
async def test_a_desk_that_cannot_be_opened_says_why_and_can_be_tried_again(library):
    app = library()
    prepare, app._prepare = app._prepare, failing
    async with app.run_test() as pilot:
        while app.health.desk is not Desk.CLOSED:
            await pilot.pause()
        assert (
            app.conversation.log_view.said[-1].text == "The desk can't be opened. The file is not a database."
        )
        app._prepare = prepare
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert app.health.desk is Desk.READY


def test_a_broken_screen_ends_in_words_and_not_in_a_traceback(library, monkeypatch, capsys, caplog):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (CustomerScreen,))
    app = library()

    async def breaks(pilot):
        await settled(pilot)
        await pilot.press("f4")
        await pilot.click("#break")

    app.run(headless=True, auto_pilot=breaks)
    shown = "".join(capsys.readouterr())
    assert "Something went wrong here." in shown
    assert "secret" not in shown
    assert app.return_code == 1
    assert "secret" in caplog.text


@anyio
async def test_a_picture_of_the_screen_loads_nothing_from_elsewhere(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        svg = app.export_screenshot()
        assert "Is Emma in?" in svg.replace("&#160;", " ")
        assert "@font-face" not in svg
        assert "url(https" not in svg


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("two\r\nlines\tand a tab", "two\nlines and a tab"),
        ("\x1b]0;title\x07red \x1b[31m", "]0;titlered [31m"),
        ("\x9b31m \u202etxt.exe\u2069", "31m txt.exe"),
        (12, "12"),
    ],
)
def test_nothing_that_steers_a_terminal_is_shown(given, shown):
    assert plain(given) == shown


def test_before_the_first_frame_nothing_heavy_is_imported():
    import subprocess
    import sys

    heavy = "sqlalchemy", "onnxruntime", "litestar", "numpy", "alembic", "babel", "dateparser"
    script = (
        f"import sys, balie.tui, balie.tui.launch; print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_app_knows_its_title_before_the_desk_is_open():
    app = DeskApp(VERTICAL.title, failing, person="M-1")
    assert app.heading == ("The library", "", "M-1")
