"""Talking with the desk on a screen."""

import asyncio

import pytest
from balie.errors import DatabaseBusy
from balie.tui.screens.confirm import ConfirmScreen
from balie.tui.widgets.bubble import Bubble, Speaker
from balie.tui.widgets.composer import Composer
from balie.tui.widgets.suggestions import Suggestion, Suggestions, lines
from balie.tui.widgets.thinking import Thinking
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from balie_testing.screens import settled
from textual.widgets import Input

pytestmark = pytest.mark.anyio


async def say(pilot, text):
    pilot.app.conversation.query_one(Composer).value = text
    await pilot.press("enter")
    await settled(pilot)


def said(app):
    return [(line.speaker, line.text) for line in app.conversation.log_view.said]


def offered(app):
    return list(app.conversation.query_one(Suggestions).texts)


async def test_what_is_typed_is_answered(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press(*"B-101", "enter")
        await settled(pilot)
        assert said(app)[-2:] == [
            (Speaker.PERSON, "B-101"),
            (Speaker.DESK, "Moby Dick (B-101) has 2 copies on the shelf."),
        ]


async def test_the_desk_greets_and_offers_what_could_be_said(library):
    app = library(models=FakeModels(VERTICAL.team.commands, {"is emma in": "find_book"}))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert [speaker for speaker, _ in said(app)] == [Speaker.DESK]
        assert offered(app) == ["Is Emma in?"]
        await pilot.press("up", "enter")
        await settled(pilot)
        assert said(app)[1] == (Speaker.PERSON, "Is Emma in?")
        assert offered(app) == []


async def test_whoever_types_on_a_suggestion_is_back_in_the_input(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("up")
        assert isinstance(app.focused, Suggestion)
        await pilot.press("x", "y")
        assert isinstance(app.focused, Composer)
        assert app.focused.value == "xy"


async def test_a_write_waits_for_a_yes_by_key(library, frozen_clock):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "/borrow_book B-101")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("y")
        await settled(pilot)
        assert said(app)[-2:] == [
            (Speaker.PERSON, "Yes"),
            (Speaker.DESK, "Moby Dick (B-101) is yours until Tuesday 24 March."),
        ]
        await say(pilot, "B-101")
        assert "1 copy" in said(app)[-1][1]


@pytest.mark.parametrize("keys", [("n",), ("enter",)], ids=["by its key", "where the cursor is at first"])
async def test_a_no_changes_nothing(library, keys):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "/borrow_book B-101")
        await pilot.press(*keys)
        await settled(pilot)
        assert said(app)[-1] == (Speaker.DESK, "All right, I have changed nothing.")
        await say(pilot, "B-101")
        assert "2 copies" in said(app)[-1][1]


async def test_a_yes_by_mouse(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "/borrow_book B-101")
        await pilot.click("#yes")
        await settled(pilot)
        assert said(app)[-1][1].startswith("Moby Dick (B-101) is yours")


async def test_escape_leaves_the_question_open_and_a_word_answers_it(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "/borrow_book B-101")
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is app.conversation
        assert offered(app) == ["yes", "no"]
        await pilot.press("up", "enter")
        await settled(pilot)
        assert said(app)[-1][1].startswith("Moby Dick (B-101) is yours")


async def test_the_question_goes_when_its_time_is_over(library, frozen_clock):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "/borrow_book B-101")
        frozen_clock.move(minutes=15)
        app.screen.tick()
        await settled(pilot)
        assert app.screen is app.conversation
        await say(pilot, "yes")
        assert "waited too long" in said(app)[-1][1]


async def test_options_are_offered_and_picked(library):
    models = FakeModels(VERTICAL.team.commands, {"emma": ("find_book", 0.5)})
    app = library(models=models)
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "emma")
        assert "find a book" in offered(app)
        await pilot.click(Suggestion)
        await settled(pilot)
        assert said(app)[-1] == (Speaker.DESK, "Which book? Its number will do.")


class SlowModels(FakeModels):
    """They warm up until they are told that they are ready."""

    def __init__(self, commands):
        super().__init__(commands)
        self.warm = asyncio.Event()

    @property
    def state(self):
        return "ready" if self.warm.is_set() else "warming_up"

    async def ready(self, timeout=None):
        await self.warm.wait()
        return True


async def test_what_is_said_while_the_models_warm_up_waits_and_is_answered_in_order(library):
    models = SlowModels(VERTICAL.team.commands)
    app = library(models=models)
    async with app.run_test() as pilot:
        await app.opened()
        await pilot.pause()
        for number in ("B-101", "B-103"):
            app.conversation.query_one(Composer).value = number
            await pilot.press("enter")
        await pilot.pause()
        assert [line.speaker for line in app.conversation.log_view.said][1:] == [Speaker.PERSON] * 2
        assert "warming up" in str(app.screen.query_one("#status-desk").content)
        assert all(bubble.has_class("-waiting") for bubble in app.conversation.query("Bubble.-person"))
        models.warm.set()
        await settled(pilot)
        assert [text.split()[0] for speaker, text in said(app) if speaker is Speaker.DESK][1:] == [
            "Moby",
            "Dracula",
        ]
        assert not app.conversation.query("Bubble.-waiting")
        assert "ready" in str(app.screen.query_one("#status-desk").content)


class ThoughtfulModels(FakeModels):
    """They think until they are told to stop."""

    def __init__(self, commands):
        super().__init__(commands)
        self.enough = asyncio.Event()

    async def classify(self, texts):
        await self.enough.wait()
        return await super().classify(texts)


async def test_what_takes_longer_than_a_moment_shows_progress(library):
    models = ThoughtfulModels(VERTICAL.team.commands)
    app = library(models=models)
    async with app.run_test() as pilot:
        await settled(pilot)
        thinking = app.conversation.query_one(Thinking)
        app.conversation.query_one(Composer).value = "a hard question"
        await pilot.press("enter")
        while not thinking.display:
            await pilot.pause()
        models.enough.set()
        await settled(pilot)
        assert not thinking.display


async def test_without_models_the_reply_points_to_the_forms(library):
    app = library(models=FakeModels(VERTICAL.team.commands, why="the file is gone"))
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "do you have Emma")
        assert [line.status for line in app.conversation.log_view.said][-2] == "degraded"
        assert said(app)[-1] == (Speaker.NOTICE, "Everything the desk does is also a form: press F3.")
        assert "limited" in str(app.screen.query_one("#status-desk").content)


async def test_an_error_is_told_in_words_and_the_message_offered_again(library, monkeypatch):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        failing = DatabaseBusy("Another writer holds the database; try again.")
        with monkeypatch.context() as patch:
            patch.setattr(app.session.desk.database, "read", lambda: _raise(failing))
            await say(pilot, "B-101")
        assert said(app)[-1] == (Speaker.NOTICE, "Another writer holds the database; try again.")
        assert "database out of reach" in str(app.screen.query_one("#status-desk").content)
        await pilot.press("up", "enter")
        await settled(pilot)
        assert said(app)[-1] == (Speaker.DESK, "Moby Dick (B-101) has 2 copies on the shelf.")


async def test_an_error_that_nobody_foresaw_shows_nothing_of_itself(library, monkeypatch, caplog):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        monkeypatch.setattr(app.session.desk.database, "read", lambda: _raise(ValueError("secret")))
        await say(pilot, "B-101")
        assert said(app)[-1][1].startswith("Something went wrong here.")
        assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("texts", "width", "packed"),
    [
        ([], 80, []),
        (["yes", "no", "perhaps tomorrow"], 20, [["yes", "no"], ["perhaps tomorrow"]]),
        (["longer than any line could be"], 10, [["longer than any line could be"]]),
    ],
)
def test_suggestions_fill_lines(texts, width, packed):
    assert lines(texts, width) == packed


def _raise(error):
    raise error


async def test_markup_and_control_characters_are_only_text(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "[bold]B-101[/] \x1b[31m\u202e")
        shown = str(app.conversation.query("Bubble.-person").last(Bubble).query_one(".said").content)
        assert shown == "[bold]B-101[/] [31m"


async def test_a_form_that_runs_meanwhile_does_not_end_the_wait_for_a_colleague(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "person please")
        await app.conversation.show(await app.session.run("find_book", {"book": "B-101"}))
        assert app.conversation.waits_for_colleague


async def test_an_address_is_pasted_as_one_line(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        from textual.events import Paste

        app.conversation.query_one(Composer).post_message(Paste("Duinpad 18\n2586 ZB Den Haag,\n\n"))
        await pilot.pause()
        assert app.conversation.query_one(Composer).value == "Duinpad 18, 2586 ZB Den Haag"


async def test_a_colleague_answers_in_the_same_conversation(library):
    from balie.agent import Caller, Role
    from balie.agent.handoffs import Handoffs

    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "person please")
        assert app.conversation.log_view.said[-1].status == "handed_off"
        staff = Caller(Role.STAFF, "Femke", "en", "tui")
        handoffs = Handoffs(app.session.desk)
        (waiting,) = await handoffs.queue(staff)
        await handoffs.claim(waiting.id, staff)
        await handoffs.reply(waiting.id, "I am looking into it.", staff)
        await app.conversation.hear()
        await app.conversation.hear()
        assert said(app)[-1] == (Speaker.COLLEAGUE, "I am looking into it.")
        await handoffs.close(waiting.id, staff)
        await app.conversation.hear()
        assert said(app)[-1] == (Speaker.NOTICE, "Your colleague is done; the desk answers again.")


async def test_forgetting_leaves_nothing_of_the_conversation(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await say(pilot, "B-101")
        before = app.session.conversation
        await pilot.press("f3", "enter")
        await settled(pilot)
        await pilot.press(*"B-103", "enter")
        await settled(pilot)
        assert app.screen.query(Bubble)
        await pilot.press("f2")
        await say(pilot, "/borrow_book B-101")
        await app.forget()
        await settled(pilot)
        assert app.screen is app.conversation
        assert [speaker for speaker, _ in said(app)] == [Speaker.DESK]
        await say(pilot, "yes")
        assert said(app)[-1][1].startswith("There is nothing waiting for your yes.")
        assert app.session.conversation not in (None, before)
        await pilot.press("f3")
        await settled(pilot)
        assert not app.screen.query(Bubble)
        assert app.screen.query_one(Input).value == ""
