"""A visit to a kiosk: how it begins, how it ends, and that nothing of it is left."""

import asyncio
import gc

import pytest
from balie.config import KioskSettings
from balie.db.tables import AuditRecord, Conversation, UsageCount
from balie.errors import DatabaseBusy
from balie.tui import DeskScreen
from balie.tui.kiosk.attract import AttractScreen
from balie.tui.kiosk.leaving import LeavingScreen
from balie.tui.widgets.bubble import Speaker
from balie.tui.widgets.composer import Composer
from balie.tui.widgets.suggestions import Suggestion, Suggestions
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from balie_testing.screens import settled, waited
from sqlalchemy import select
from textual.widgets import Button, Input

pytestmark = pytest.mark.anyio

SECRET = "grubnenawZ"[::-1]
OWN = "nroodlepsiuQ"[::-1]
"""Not written out, or the source of this test would be found to hold it; and no other test says it."""


async def say(pilot, text):
    composer = pilot.app.conversation.query_one(Composer)
    composer.value = text
    pilot.app.screen.set_focus(composer)
    await pilot.press("enter")
    await settled(pilot)


async def done(pilot):
    await pilot.click("#done")
    await pilot.app.wiped()
    await settled(pilot)


def said(app):
    return [(line.speaker, line.text) for line in app.conversation.log_view.said]


def readable(app):
    """Everything on every screen, as a picture has it."""
    return "".join(str(strip.text) for strip in app.screen._compositor.render_strips())


async def rows(app, table):
    async with app.session.read() as session:
        return list((await session.scalars(select(table))).all())


@pytest.mark.parametrize("how", ["enter", "escape", "x", "5", "f5", "ctrl+a", "a touch"])
async def test_any_key_and_any_touch_begins(kiosk, how):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        assert isinstance(app.screen, AttractScreen)
        await (pilot.click("#attract") if how == "a touch" else pilot.press(how))
        await settled(pilot)
        assert app.screen is app.conversation
        assert app.focused.value == (how if len(how) == 1 else "")


async def test_a_suggestion_that_is_touched_is_said(kiosk):
    app = kiosk(models=FakeModels(VERTICAL.team.commands, {"is emma in": "find_book"}))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.click(Suggestion)
        await settled(pilot)
        assert app.screen is app.conversation
        assert said(app)[1:] == [
            (Speaker.PERSON, "Is Emma in?"),
            (Speaker.DESK, "Which book? Its number will do."),
        ]


async def test_by_keyboard_a_language_is_chosen_to_begin_with(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("tab", "tab", "tab")
        assert app.focused.id == "language-nl"
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen is app.conversation
        assert said(app)[0][1].startswith("Welkom bij de balie van The library.")
        assert app.conversation.query_one(Composer).placeholder.startswith("Typ hier in het Engels")
        await say(pilot, "stop")
        assert said(app)[-1] == (Speaker.DESK, "Er valt niets te stoppen. Waarmee kan ik je helpen?")
        assert str(app.screen.query_one("#done", Button).label) == "Ik ben klaar"


async def test_in_the_middle_of_a_visit_the_language_changes_and_what_was_said_stays(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, "B-101")
        before = said(app)
        await pilot.click("#language")
        await settled(pilot)
        assert said(app) == before
        assert str(app.screen.query_one("#send", Button).label) == "Versturen"
        await say(pilot, "stop")
        assert said(app)[-1][1] == "Er valt niets te stoppen. Waarmee kan ik je helpen?"


async def test_yes_and_no_are_buttons_below_the_question(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        for button, answer in (("#answer-no", "No"), ("#answer-yes", "Yes")):
            app.session.caller = type(app.session.caller)(identity="M-1")
            app.session.forget()
            await say(pilot, "/borrow_book B-101")
            assert app.screen is app.conversation, "no window of its own"
            await pilot.click(button)
            await settled(pilot)
            assert said(app)[-2] == (Speaker.PERSON, answer)
            assert not app.screen.query_one("Answers").display
        assert said(app)[-1][1] == "Moby Dick (B-101) is yours until Tuesday 24 March."


async def test_whoever_types_anywhere_types_into_the_message(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        app.screen.set_focus(app.screen.query_one("#contrast"))
        await pilot.press(*"B-101", "enter")
        await settled(pilot)
        assert said(app)[-1][1] == "Moby Dick (B-101) has 2 copies on the shelf."


async def test_who_walks_away_is_asked_and_then_forgotten(kiosk):
    app = kiosk(kiosk=KioskSettings(idle_seconds=45, countdown_seconds=15))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, f"my name is {SECRET}")
        await waited(pilot, 44)
        assert app.screen is app.conversation
        await waited(pilot, 1)
        assert isinstance(app.screen, LeavingScreen)
        assert app.screen.query_one("Digits").value == "15"
        await waited(pilot, 12)
        assert app.screen.query_one("Digits").value == "3"
        await waited(pilot, 3)
        assert isinstance(app.screen, AttractScreen)
        assert SECRET not in str(said(app))


@pytest.mark.parametrize("sign", ["enter", "escape", "a", "the button", "beside it"])
async def test_any_sign_of_life_goes_on(kiosk, sign):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await waited(pilot, 50)
        match sign:
            case "the button":
                await pilot.click("#still-here")
            case "beside it":
                await pilot.click(offset=(2, 2))
            case key:
                await pilot.press(key)
        await settled(pilot)
        assert app.screen is app.conversation
        assert app.conversation.query_one(Composer).value == ("a" if sign == "a" else "")
        await waited(pilot, 44)
        assert app.screen is app.conversation


async def test_an_answer_gives_time_to_read_it(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*"B-101")
        app.seconds.now += 40
        await pilot.press("enter")
        await settled(pilot)
        await waited(pilot, 40)
        assert app.screen is app.conversation


async def test_done_is_done_at_once(kiosk):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, f"my name is {SECRET}")
        await done(pilot)
        assert isinstance(app.screen, AttractScreen)
        assert await rows(app, Conversation) == []


class NoteScreen(DeskScreen):
    TITLE = "Notes"
    KIOSK = True

    def body(self):
        yield Input(id="note")


class StaffScreen(DeskScreen):
    TITLE = "Staff only"


@pytest.fixture
def with_screens(monkeypatch):
    monkeypatch.setattr("balie_testing.library.screens.SCREENS", (StaffScreen, NoteScreen))


async def test_nothing_of_a_visit_is_left(kiosk, with_screens, tmp_path):
    models = FakeModels(VERTICAL.team.commands)
    app = kiosk(models=models, notes=tmp_path / "visits")
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.click("#language")
        await pilot.click("#contrast")
        await pilot.click("#large")
        await settled(pilot)
        await say(pilot, f"my name is {OWN}")
        await pilot.press(*OWN, "shift+home", "ctrl+c")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        app.screen.query_one("#note").focus()
        await pilot.press(*OWN)
        app.notify(f"Hello {OWN}", timeout=100)
        await settled(pilot)
        assert OWN in readable(app)
        visit = str(app.session.conversation)
        await done(pilot)

        assert OWN not in readable(app)
        assert (app.language, app.large, app.contrast, app.theme) == ("en", False, False, "balie-dark")
        assert app.session.conversation is None
        assert app.clipboard == ""
        assert visit not in (tmp_path / "visits").read_text()
        assert await rows(app, Conversation) == []
        assert [(count.command, count.times) for count in await rows(app, UsageCount)] == [("", 1)]
        assert await rows(app, AuditRecord) == []
        path = app.session.desk.database.path
        files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
        assert not [file.name for file in files if OWN.encode() in file.read_bytes()]
        assert not [file.name for file in files if visit.replace("-", "").encode() in file.read_bytes()]
        models.read.clear()
        gc.collect()
        assert holders(OWN) == []


def holders(secret):
    """The kinds of objects that hold a text with the secret in it, but for the code of these tests."""
    texts = (
        (held, text)
        for held in gc.get_objects()
        for text in gc.get_referents(held)
        if isinstance(text, str) and secret in text and text is not OWN
    )
    return sorted({type(held).__name__ for held, _ in texts} - {"code", "frame"})


async def test_a_vertical_has_its_own_screens_there_if_they_are_for_a_kiosk(kiosk, with_screens):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        assert [page.title for page in app.pages] == ["Chat", "Notes"]
        await pilot.press("enter")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        assert isinstance(app.screen, NoteScreen)
        await pilot.click("#to-screen-2")
        assert app.screen is app.conversation


async def test_the_language_of_a_screen_changes_with_the_visitor(kiosk, with_screens):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.click("#to-screen-3")
        await settled(pilot)
        await pilot.click("#language")
        await settled(pilot)
        assert isinstance(app.screen, NoteScreen)
        assert str(app.screen.query_one("#to-screen-2", Button).label) == "Gesprek"


async def test_while_the_database_is_busy_the_screen_is_wiped_and_the_rest_tried_again(kiosk, monkeypatch):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, f"my name is {SECRET}")

        def busy():
            raise DatabaseBusy("Another writer holds the database; try again.")

        with monkeypatch.context() as patch:
            patch.setattr(app.session.desk.database, "write", busy)
            await done(pilot)
        assert isinstance(app.screen, AttractScreen)
        assert SECRET not in str(said(app))
        assert app.to_be_wiped == 1
        await waited(pilot, 15)
        assert app.to_be_wiped == 0
        assert await rows(app, Conversation) == []


async def test_the_next_visitor_need_not_wait_for_the_database(kiosk, monkeypatch):
    app = kiosk()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, f"my name is {SECRET}")
        forget, go_on = app.session.desk.forget, asyncio.Event()

        async def slowly(conversation):
            await go_on.wait()
            return await forget(conversation)

        monkeypatch.setattr(app.session.desk, "forget", slowly)
        await pilot.click("#done")
        await pilot.press("B")
        assert app.screen is app.conversation
        await pilot.click("#done")
        await pilot.pause()
        assert isinstance(app.screen, AttractScreen)
        go_on.set()
        await app.wiped()
        assert await rows(app, Conversation) == []


async def test_a_visit_that_was_cut_off_is_wiped_at_the_next_start(kiosk, tmp_path):
    notes = tmp_path / "visits"
    app = kiosk(notes=notes)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await say(pilot, f"my name is {SECRET}")
        database = app.session.desk.database.path
        visit = str(app.session.conversation)
        assert visit in notes.read_text()
        cut_off = database.read_bytes(), (database.parent / f"{database.name}-wal").read_bytes()
    assert notes.read_text() == "", "an end in order wipes it"
    assert SECRET.encode() not in database.read_bytes()

    notes.write_text(f"{visit}\nno id\n")

    async def as_it_was(vertical):
        copy = tmp_path / "again.sqlite3"
        copy.write_bytes(cut_off[0])
        (tmp_path / "again.sqlite3-wal").write_bytes(cut_off[1])
        return copy

    again = kiosk.func(VERTICAL, as_it_was, app.session.desk.clock, notes=notes)
    async with again.run_test() as pilot:
        await settled(pilot)
        assert await rows(again, Conversation) == []
        assert notes.read_text() == ""
        for file in tmp_path.glob("again.sqlite3*"):
            assert SECRET.encode() not in file.read_bytes()


async def test_a_visit_that_ends_while_it_is_answered_leaves_nothing(kiosk):
    class Thoughtful(FakeModels):
        asked = None

        async def classify(self, texts):
            self.asked.set()
            await asyncio.Event().wait()

    models = Thoughtful(VERTICAL.team.commands)
    models.asked = asyncio.Event()
    app = kiosk(models=models)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        app.conversation.query_one(Composer).value = f"my name is {SECRET}"
        await pilot.press("enter")
        await models.asked.wait()
        await done(pilot)
        assert isinstance(app.screen, AttractScreen)
        assert [speaker for speaker, _ in said(app)] == [Speaker.DESK]
        assert await rows(app, Conversation) == []


async def test_suggestions_on_a_dutch_screen_say_english(kiosk, monkeypatch, tmp_path):
    (tmp_path / "nl.toml").write_text('"Is Emma in?" = "Is Emma er?"\n', encoding="utf-8")
    monkeypatch.setattr(type(VERTICAL), "locales", tmp_path)
    models = FakeModels(VERTICAL.team.commands, {"is emma in": "find_book"})
    app = kiosk(models=models, language="nl")
    async with app.run_test() as pilot:
        await settled(pilot)
        assert [str(button.label) for button in app.screen.query(Suggestion)] == ["Is Emma er?"]
        await pilot.click(Suggestion)
        await settled(pilot)
        assert said(app)[1] == (Speaker.PERSON, "Is Emma er?")
        assert models.read[0] == "Is Emma in?"
        assert list(app.conversation.query_one(Suggestions).texts) == []
