"""How the screens look. ``pytest --snapshot-update`` takes the pictures anew; look at them before you keep them."""

import asyncio

import pytest
from balie.tui import DeskApp, WritingScreen
from balie.tui.widgets.composer import Composer
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from balie_testing.screens import SIZES, settled

sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
looks = pytest.mark.parametrize("look", ["dark", "light"])


def doing(*steps):
    """Keys to press, one after the other; what begins with a quote is said."""

    async def do(pilot):
        await settled(pilot)
        for step in steps:
            if step.startswith("'"):
                pilot.app.conversation.query_one(Composer).value = step[1:]
                await pilot.press("enter")
            else:
                await pilot.press(step)
            await settled(pilot)

    return do


@sizes
@looks
def test_conversation(snap_compare, library, size, look):
    keys = ["ctrl+t"] if look == "light" else []
    talk = doing(*keys, "'B-101", "'/borrow_book B-101", "y", "'tell me a joke", "'person please")
    assert snap_compare(library(), terminal_size=size, run_before=talk)


@sizes
def test_beginning(snap_compare, library, size):
    assert snap_compare(library(identity=None), terminal_size=size, run_before=doing())


@sizes
def test_pending_action(snap_compare, library, size):
    assert snap_compare(library(), terminal_size=size, run_before=doing("'/borrow_book B-101"))


@sizes
def test_question_with_options(snap_compare, library, size):
    models = FakeModels(VERTICAL.team.commands, {"emma": ("find_book", 0.5)})
    assert snap_compare(library(models=models), terminal_size=size, run_before=doing("'emma", "up"))


@sizes
def test_without_models(snap_compare, library, size):
    models = FakeModels(VERTICAL.team.commands, why="the file is gone")
    assert snap_compare(library(models=models), terminal_size=size, run_before=doing("'is Emma in?"))


@sizes
def test_forms(snap_compare, library, size):
    fill = doing("f3", "down", "enter", *"B-102", "ctrl+s")
    assert snap_compare(library(), terminal_size=size, run_before=fill)


@sizes
def test_help(snap_compare, library, size):
    assert snap_compare(library(), terminal_size=size, run_before=doing("f1"))


@sizes
def test_writing(snap_compare, library, size):
    async def write(pilot):
        await settled(pilot)
        pilot.app.push_screen(WritingScreen("Reply to M-1", context="Asks when Emma is back.", send="Send"))
        await settled(pilot)
        await pilot.press(*"On Tuesday.")

    assert snap_compare(library(), terminal_size=size, run_before=write)


@sizes
def test_while_the_desk_is_being_opened(snap_compare, size):
    async def never():
        await asyncio.Event().wait()

    async def wait(pilot):
        pilot.app.screen.query_one(Composer).cursor_blink = False
        await pilot.pause()

    app = DeskApp(VERTICAL.title, lambda report: never, person="M-1")
    assert snap_compare(app, terminal_size=size, run_before=wait)
