"""A command that takes a list of things: what is one more of the list, and what is a wish of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest
from balie.agent import (
    Agent,
    Caller,
    Candidate,
    Effect,
    Resolve,
    ResolveContext,
    Role,
    Team,
    ToolContext,
    tool,
)
from balie.agent.arguments import ArgumentFinder, Broken, Found, settles
from balie.agent.exact import fast_path
from balie.agent.resolution import Evidence
from balie.agent.state import State, Waiting, Wish
from balie.agent.understanding import understand
from balie.errors import RuleBroken
from balie_testing.models import FakeModels

pytestmark = pytest.mark.anyio


class Done(msgspec.Struct):
    """Nothing to tell."""


class NothingLikeIt(RuleBroken):
    """The shop has no such thing."""

    slug = "nothing-like-it"
    argument = "things"


async def things(context: ResolveContext) -> Sequence[Candidate]:
    """The things of a shelf with two, all in one list."""
    named = [word for word in ("cup", "bowl") if word in context.text]
    if "unicorn" in context.text:
        raise NothingLikeIt("There are no unicorns.")
    found = [context.found(word, context.text.index(word), context.text.index(word) + 4) for word in named]
    if not found:
        return []
    parts = {f"[{place}]": each.evidence for place, each in enumerate(found)}
    return [Candidate(named, ", ".join(named), Evidence("message", (0, len(context.text))), parts)]


Things = Annotated[list[str], Resolve(things, ask="ask_things")]


@tool(effect=Effect.WRITE, roles=Role)
async def buy(context: ToolContext, things: Things) -> Done:
    """Buy things."""
    return Done()


@tool(effect=Effect.READ, roles=Role)
async def look(context: ToolContext, things: Things) -> Done:
    """Look at things."""
    return Done()


@tool(effect=Effect.READ, roles=Role)
async def hours(context: ToolContext) -> Done:
    """Tell the opening hours."""
    return Done()


def _team(**more: Any) -> Team:
    return Team("shelf", (Agent("keeper", "The keeper", "Sells.", (buy, look, hours)),), {"en": {}}, **more)


GATHERS = {"buy": frozenset({"look"})}


async def _wishes(message: str, phrases: dict[str, Any], team: Team) -> list[tuple[str, str]]:
    models = FakeModels(team.commands, phrases)
    understood = await understand(message, models, team, team.commands, frozenset(), "en")
    return [(wish.command, wish.text) for wish in understood.wishes]


LIST = {
    "two cups and the cheapest bowl": ("buy", 0.8),
    "two cups": "look",
    "the cheapest bowl": "look",
    "a plate, two cups and the opening hours": ("buy", 0.5),
    "a plate": "look",
    "the opening hours": "hours",
    "where is the bowl and two cups": ("look", 0.7),
    "where is the bowl": "look",
    "two cups and where is the bowl": ("buy", 0.6),
}


async def test_what_merely_names_a_thing_is_one_more_of_the_list() -> None:
    message = "two cups and the cheapest bowl"
    assert await _wishes(message, LIST, _team(gathers=GATHERS)) == [("buy", message)]
    # Where nothing takes a list, each part is what it reads like.
    assert await _wishes(message, LIST, _team()) != [("buy", message)]


async def test_what_is_no_thing_of_that_kind_is_a_wish_of_its_own() -> None:
    wishes = await _wishes("a plate, two cups and the opening hours", LIST, _team(gathers=GATHERS))
    assert wishes == [("buy", "a plate, two cups"), ("hours", "the opening hours")]


async def test_what_asks_by_itself_is_a_wish_of_its_own() -> None:
    team = _team(gathers=GATHERS)
    assert await _wishes("two cups and where is the bowl", LIST, team) == [
        ("buy", "two cups"),
        ("look", "where is the bowl"),
    ]


async def test_a_message_about_something_else_becomes_no_list() -> None:
    wishes = await _wishes("where is the bowl and two cups", LIST, _team(gathers=GATHERS))
    assert {command for command, _ in wishes} == {"look"}


def _finder(text: str = "") -> ArgumentFinder:
    team = _team(gathers=GATHERS)
    context = ResolveContext(
        text=text,
        offset=0,
        tool="",
        session=cast("Any", None),
        caller=Caller(),
        now=datetime(2026, 3, 10, 8, tzinfo=UTC),
        timezone=ZoneInfo("Europe/Amsterdam"),
        language="en",
        focus={},
        arguments={},
    )
    return ArgumentFinder(team.tools["buy"], team, context, State(agent="keeper"))


async def test_each_thing_of_a_list_has_its_own_evidence() -> None:
    (found,) = await _finder().find(Wish("buy", "a cup and a bowl"))
    assert isinstance(found, Found)
    assert found.wish.arguments == {"things": ["cup", "bowl"]}
    assert found.wish.evidence["things[1]"] == Evidence("message", (12, 16))


async def test_what_breaks_a_rule_is_told_and_another_value_is_waited_for() -> None:
    (outcome,) = await _finder().find(Wish("buy", "a unicorn"))
    assert isinstance(outcome, Broken)
    assert isinstance(outcome.error, NothingLikeIt)
    assert outcome.waiting == Waiting("parameter", Wish("buy"), "things")


async def test_an_answer_that_breaks_a_rule_may_be_another_wish_and_is_not_taken_at_once() -> None:
    waiting = Waiting("parameter", Wish("buy"), "things")
    assert await _finder().answer(waiting, "a unicorn", sure=True) is None
    assert (wish := await _finder().answer(waiting, "a unicorn", sure=False)) is not None
    assert (wish.text, wish.arguments) == ("a unicorn", {})


async def test_who_goes_on_to_change_something_has_left_what_was_to_be_looked_up() -> None:
    team = _team()
    asked_to_look = Waiting("parameter", Wish("look"), "things")
    asked_to_buy = Waiting("parameter", Wish("buy"), "things")
    assert settles(team.tools["buy"], asked_to_look, team)
    assert not settles(team.tools["hours"], asked_to_look, team)
    assert not settles(team.tools["look"], asked_to_buy, team)
    assert settles(team.tools["buy"], asked_to_buy, team)


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("no, it is fine", "reject"),
        ("no, three", "correct"),
        ("no, 3", "correct"),
        ("no, is 3 enough?", None),
    ],
)
async def test_a_no_with_a_number_puts_it_in_the_place_of_another(said: str, command: str | None) -> None:
    team = _team()
    understood = fast_path(said, team, team.commands, "en", last=None, deciding=True)
    assert (understood.wishes[0].command if understood else None) == command
