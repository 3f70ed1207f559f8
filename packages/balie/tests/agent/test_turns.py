"""Conversations at the library's desk: what is said, what is done, what stays as it was."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest
from balie.agent import Caller, Role, Status, Turn
from balie.agent.desk import Desk
from balie.agent.handoffs import Handoffs
from balie.agent.understanding import understand
from balie.db.tables import AuditRecord, PendingAction
from balie.errors import BadRequest, Conflict, Forbidden, NotFound
from balie_testing.clock import FrozenClock
from balie_testing.library.models import Book, Loan
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from sqlalchemy import func, select

pytestmark = pytest.mark.anyio

MEMBER = Caller(identity="M-1")
OTHER = Caller(identity="M-9")
STAFF = Caller(role=Role.STAFF, identity="Ilse")

PHRASES = {
    "is moby dick in, B-101": "find_book",
    "do you have B-103": "find_book",
    "do you have B-101 and B-103": "find_book",
    "I'd like to take B-101 home": "borrow_book",
    "take B-101 home": "borrow_book",
    "take B-102 home": "borrow_book",
    "is B-103 in and take B-101 home": ("find_book", 0.55),
    "is B-103 in": "find_book",
    "lend me a book": "borrow_book",
    "lend me something": ("borrow_book", 0.4),
    "take B-101 home and take B-103 home": "borrow_book",
    "take B-103 home": "borrow_book",
    "lend B-101 but keep B-103": "borrow_book",
    "lend not B-101 but B-103": "borrow_book",
    "lend B-101 and B-103": "borrow_book",
    "lend B-101, no wait, B-103": "borrow_book",
    "my wife has it already. leave it as it is": ("out_of_scope", 0.5),
    "leave it as it is": "reject",
    "no, I meant B-103": "correct",
    "no, three": ("correct", 0.4),
    "good morning to you all": "small_talk",
    "let me talk to someone": "talk_to_person",
}

Open = Callable[..., Awaitable[Desk]]


class Talk:
    """One conversation."""

    def __init__(self, desk: Desk, conversation: UUID, caller: Caller) -> None:
        self.desk = desk
        self.conversation = conversation
        self.caller = caller

    async def say(self, message: str, **more: str) -> Turn:
        return await self.desk.say(self.conversation, message, self.caller, **more)

    async def count(self, query: object) -> int:
        async with self.desk.database.read() as session:
            return await session.scalar(query) or 0  # type: ignore[call-overload, no-any-return]

    async def loans(self) -> int:
        return await self.count(select(func.count()).select_from(Loan).where(Loan.member == "M-1"))

    async def audits(self) -> int:
        return await self.count(select(func.count()).select_from(AuditRecord))


@pytest.fixture
async def talk(desk: Open) -> Talk:
    opened = await desk(VERTICAL, models=FakeModels(VERTICAL.team.commands, PHRASES))
    return Talk(opened, await opened.open(MEMBER), MEMBER)


async def test_what_only_reads_is_answered_at_once(talk: Talk) -> None:
    turn = await talk.say("is Moby Dick in, B-101?")
    assert turn.status is Status.ANSWERED
    assert turn.reply == "Moby Dick (B-101) has 2 copies on the shelf."
    (command,) = turn.commands
    assert command.tool == "find_book"
    assert command.evidence["book"].source == "message"
    assert command.evidence["book"].span == (17, 22)


async def test_what_changes_something_waits_for_a_yes_and_runs_once(talk: Talk) -> None:
    asked = await talk.say("I'd like to take B-101 home")
    assert asked.status is Status.NEEDS_CONFIRMATION
    assert asked.pending is not None
    assert await talk.loans() == 0
    done = await talk.say("yes")
    assert done.status is Status.DONE
    assert await talk.loans() == 1
    again = await talk.say("yes")
    assert again.status is Status.ANSWERED
    assert await talk.loans() == 1
    assert await talk.audits() == 1


async def test_a_no_changes_nothing(talk: Talk) -> None:
    await talk.say("I'd like to take B-101 home")
    assert (await talk.say("no")).status is Status.ANSWERED
    assert (await talk.say("yes")).status is Status.ANSWERED
    assert (await talk.loans(), await talk.audits()) == (0, 0)


async def test_a_no_with_more_that_is_not_understood_is_a_no(talk: Talk) -> None:
    await talk.say("take B-101 home")
    turn = await talk.say("no, three")
    assert (turn.status, turn.pending) == (Status.ANSWERED, None)
    assert await talk.loans() == 0


async def test_a_yes_that_comes_too_late_changes_nothing(talk: Talk, frozen_clock: FrozenClock) -> None:
    asked = await talk.say("I'd like to take B-101 home")
    assert asked.pending is not None
    frozen_clock.move(minutes=talk.desk.settings.conversation.pending_minutes)
    assert (await talk.say("yes")).status is Status.REFUSED
    with pytest.raises(Conflict, match="expired"):
        await talk.desk.confirm(asked.pending.id, MEMBER)
    assert await talk.loans() == 0


async def test_another_proposal_takes_the_place_of_the_first(talk: Talk) -> None:
    await talk.say("take B-101 home")
    second = await talk.say("take B-103 home")
    assert second.pending is not None
    await talk.say("yes")
    assert await talk.count(select(func.count()).select_from(Loan).where(Loan.book_id == "B-103")) == 1
    assert await talk.loans() == 1


async def test_a_question_in_between_keeps_what_is_pending(talk: Talk) -> None:
    asked = await talk.say("take B-101 home")
    between = await talk.say("do you have B-103")
    assert between.status is Status.ANSWERED
    assert between.pending == asked.pending
    assert (await talk.say("yes")).status is Status.DONE


async def test_a_broken_rule_is_told_before_anything_is_asked(talk: Talk) -> None:
    turn = await talk.say("take B-102 home")
    assert turn.status is Status.REFUSED
    assert turn.reply == "Every copy of Emma is out."
    assert turn.pending is None


async def test_two_things_of_one_kind_are_both_answered(talk: Talk) -> None:
    turn = await talk.say("do you have B-101 and B-103")
    assert [c.arguments["book"] for c in turn.commands] == ["B-101", "B-103"]


async def test_several_wishes_in_their_order(talk: Talk) -> None:
    turn = await talk.say("is B-103 in and take B-101 home")
    assert [c.tool for c in turn.commands] == ["find_book", "borrow_book"]
    assert turn.status is Status.NEEDS_CONFIRMATION
    assert (await talk.say("yes")).status is Status.DONE


async def test_a_second_change_waits_until_the_first_is_decided(talk: Talk) -> None:
    first = await talk.say("take B-101 home and take B-103 home")
    assert first.pending is not None
    assert first.pending.summary.startswith("Shall I lend you Moby Dick")
    second = await talk.say("yes")
    assert second.pending is not None
    assert "Dracula" in second.pending.summary
    await talk.say("no")
    assert await talk.loans() == 1


async def test_what_is_missing_is_asked_for(talk: Talk) -> None:
    asked = await talk.say("lend me a book")
    assert asked.status is Status.NEEDS_INPUT
    assert asked.question is not None
    assert asked.question.about == "book"
    turn = await talk.say("B-103")
    assert turn.status is Status.NEEDS_CONFIRMATION
    assert turn.commands[0].arguments == {"book": "B-103"}


async def test_a_correction_takes_another_value_and_drops_the_first(talk: Talk) -> None:
    await talk.say("take B-101 home")
    corrected = await talk.say("no, I meant B-103")
    assert corrected.pending is not None
    await talk.say("yes")
    async with talk.desk.database.read() as session:
        books = (await session.scalars(select(Loan.book_id).where(Loan.member == "M-1"))).all()
        statuses = (
            await session.scalars(select(PendingAction.status).order_by(PendingAction.created_at))
        ).all()
    assert list(books) == ["B-103"]
    assert sorted(statuses) == ["done", "rejected"]


async def test_doubt_is_asked_about_and_twice_leads_to_a_person(talk: Talk) -> None:
    first = await talk.say("lend me something")
    assert first.status is Status.NEEDS_INPUT
    assert first.question is not None
    assert [o.value for o in first.question.options] == ["borrow_book"]
    second = await talk.say("lend me something")
    assert "person" in second.reply


async def test_an_option_is_chosen_by_its_number(talk: Talk) -> None:
    await talk.say("lend me something")
    turn = await talk.say("1")
    assert turn.question is not None
    assert turn.question.about == "book"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("yes", Status.ANSWERED),
        ("no", Status.ANSWERED),
        ("stop", Status.ANSWERED),
        ("again", Status.ANSWERED),
        ("help", Status.ANSWERED),
        ("good morning to you all", Status.ANSWERED),
        ("what is the weather", Status.REFUSED),
        ("%$#!", Status.REFUSED),
    ],
)
async def test_words_out_of_nowhere_change_nothing(talk: Talk, said: str, status: Status) -> None:
    turn = await talk.say(said)
    assert turn.status is status
    assert not turn.commands
    assert turn.reply


async def test_repeat_says_the_last_reply_again(talk: Talk) -> None:
    said = await talk.say("do you have B-103")
    assert (await talk.say("say that again")).reply == said.reply


async def test_a_person_is_brought_in_and_gives_the_conversation_back(talk: Talk) -> None:
    await talk.say("take B-101 home")
    turn = await talk.say("let me talk to someone")
    assert turn.status is Status.HANDED_OFF
    assert turn.pending is None
    assert (await talk.say("are you there")).status is Status.HANDED_OFF
    staff = Handoffs(talk.desk)
    (waiting,) = await staff.queue(STAFF)
    assert waiting.identity == "M-1"
    await staff.claim(waiting.id, STAFF)
    with pytest.raises(Conflict, match="Ilse"):
        await staff.claim(waiting.id, Caller(role=Role.STAFF, identity="Daan"))
    await staff.reply(waiting.id, "I have put it aside for you.", STAFF)
    transcript = await talk.desk.transcript(talk.conversation, MEMBER)
    assert transcript.turns[-1].speaker == "staff"
    await staff.close(waiting.id, STAFF)
    assert (await talk.say("do you have B-103")).status is Status.ANSWERED
    with pytest.raises(Forbidden):
        await staff.queue(MEMBER)


async def test_where_somebody_can_be_called_they_are_after_a_yes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk.desk, "team", replace(talk.desk.team, person="borrow_book"))
    asked = await talk.say("let me talk to someone")
    assert asked.question is not None
    assert asked.question.about == "book"
    turn = await talk.say("B-103")
    assert turn.status is Status.NEEDS_CONFIRMATION
    assert [command.tool for command in turn.commands] == ["borrow_book"]


@pytest.mark.parametrize(
    ("message", "lent"),
    [
        ("lend B-101 but keep B-103", ["B-101"]),
        ("lend not B-101 but B-103", ["B-103"]),
        ("lend B-101 and B-103", ["B-101"]),
        ("lend B-101, no wait, B-103", ["B-103"]),
    ],
)
async def test_what_is_to_be_left_alone_is(talk: Talk, message: str, lent: list[str]) -> None:
    turn = await talk.say(message)
    assert [command.arguments["book"] for command in turn.commands] == lent
    later = await talk.say("yes")
    assert (later.pending is None) == (message != "lend B-101 and B-103")


async def test_in_doubt_a_clear_no_is_a_no(talk: Talk) -> None:
    await talk.say("take B-101 home")
    turn = await talk.say("my wife has it already. leave it as it is")
    assert (turn.status, turn.pending) == (Status.ANSWERED, None)
    assert await talk.loans() == 0


async def test_a_number_by_itself_belongs_to_the_question_before_it(desk: Open) -> None:
    team = replace(VERTICAL.team, mentions=((re.compile(r"B-\d+"), "the book", "book"),))
    understood = await understand(
        "did you look for it? it was B-103.",
        FakeModels(team.commands, {"did you look for it?": "find_book", "it was the book.": "borrow_book"}),
        team,
        team.commands,
        frozenset(),
        "en",
    )
    assert [wish.command for wish in understood.wishes] == ["find_book"]


async def test_what_is_asked_again_alone_is_all_of_it(talk: Talk) -> None:
    await talk.say("take B-101 home and take B-103 home")
    again = await talk.say("take B-101 home")
    assert again.reply == again.pending.summary if again.pending else None
    done = await talk.say("yes")
    assert (done.status, done.pending) == (Status.DONE, None)


async def test_somebody_elses_conversation_is_not_there(talk: Talk) -> None:
    asked = await talk.say("take B-101 home")
    assert asked.pending is not None
    with pytest.raises(NotFound):
        await talk.desk.say(talk.conversation, "yes", OTHER)
    with pytest.raises(NotFound):
        await talk.desk.confirm(asked.pending.id, OTHER)
    with pytest.raises(NotFound):
        await talk.desk.transcript(talk.conversation, OTHER)
    assert await talk.loans() == 0


async def test_the_same_key_gets_the_same_turn_and_nothing_twice(talk: Talk) -> None:
    await talk.say("take B-101 home")
    first = await talk.say("yes", idempotency_key="k-1")
    second = await talk.say("yes", idempotency_key="k-1")
    assert second == first
    assert await talk.loans() == 1
    with pytest.raises(Conflict):
        await talk.say("no", idempotency_key="k-1")


async def test_many_yeses_at_once_run_it_once(talk: Talk) -> None:
    asked = await talk.say("take B-101 home")
    assert asked.pending is not None
    outcomes = await asyncio.gather(
        *(talk.desk.confirm(asked.pending.id, MEMBER) for _ in range(5)),
        *(talk.say("yes") for _ in range(3)),
        return_exceptions=True,
    )
    done = [o for o in outcomes if isinstance(o, Turn) and o.status is Status.DONE]
    assert len(done) == 1
    assert all(isinstance(o, Turn | Conflict) for o in outcomes)
    assert (await talk.loans(), await talk.audits()) == (1, 1)


async def test_the_last_copy_is_lent_once(desk: Open) -> None:
    opened = await desk(VERTICAL, models=FakeModels(VERTICAL.team.commands, PHRASES))
    actions = []
    for n in range(4):
        member = Caller(identity=f"M-{n}")
        asked = await opened.run(await opened.open(member), "borrow_book", {"book": "B-103"}, member)
        assert asked.pending is not None
        actions.append((asked.pending.id, member))
    turns = await asyncio.gather(*(opened.confirm(action, member) for action, member in actions))
    assert sorted(t.status for t in turns) == sorted([Status.DONE, *[Status.REFUSED] * 3])
    async with opened.database.read() as session:
        assert await session.scalar(select(Book.copies).where(Book.number == "B-103")) == 0


async def test_without_models_forms_and_exact_words_still_serve(desk: Open) -> None:
    opened = await desk(VERTICAL, models=FakeModels(VERTICAL.team.commands, why="no encoder here"))
    talk = Talk(opened, await opened.open(MEMBER), MEMBER)
    turn = await talk.say("I would like to take Moby Dick home")
    assert turn.status is Status.DEGRADED
    assert "/borrow_book" in turn.reply
    assert (await talk.say("/borrow_book B-101")).status is Status.NEEDS_CONFIRMATION
    assert (await talk.say("yes")).status is Status.DONE
    formed = await opened.run(talk.conversation, "find_book", {"book": "B-101"}, MEMBER)
    assert formed.results == [{"book": "B-101", "title": "Moby Dick", "copies": 1}]
    transcript = await opened.transcript(talk.conversation, MEMBER)
    assert transcript.turns[0].message == "I would like to take Moby Dick home"


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        ("find_book", {}, "needs book"),
        ("find_book", {"book": 5, "shelf": 1}, "has no argument shelf"),
        ("find_book", {"book": ["B-101"]}, "book of find_book"),
    ],
)
async def test_a_form_that_is_filled_in_wrongly_says_how(
    talk: Talk, tool: str, arguments: dict[str, object], error: str
) -> None:
    with pytest.raises(BadRequest, match=error):
        await talk.desk.run(talk.conversation, tool, arguments, MEMBER)


async def test_there_is_no_such_tool(talk: Talk) -> None:
    with pytest.raises(NotFound, match="burn_book"):
        await talk.desk.run(talk.conversation, "burn_book", {}, MEMBER)


@pytest.mark.parametrize("message", ["", "   ", "x" * 4001])
async def test_messages_have_a_length(talk: Talk, message: str) -> None:
    with pytest.raises(BadRequest):
        await talk.say(message)
