"""Whether a turn, or the rows afterwards, are what a scenario expects."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from balie.agent import Turn
from balie.scenarios.format import Expected, as_instant


class Mismatch(msgspec.Struct, frozen=True):
    """Not as expected. ``turn`` counts from 1; 0 is the stage before, None the state after."""

    turn: int | None
    said: str
    what: str
    expected: Any
    got: Any


class Score(msgspec.Struct):
    """What a scenario counts for: how many commands and arguments were expected, and how many came."""

    tools: int = 0
    tools_right: int = 0
    arguments: int = 0
    arguments_right: int = 0


def judge(number: int, expected: Expected, turn: Turn, writes: int, score: Score) -> list[Mismatch]:
    """Everything about a turn that is not as expected; adds to ``score``.

    Args:
        number: of the turn in its scenario, from 1.
        writes: actions that this turn carried out.
    """
    found: list[Mismatch] = []

    def check(what: str, wanted: Any, got: Any, *, right: bool) -> None:
        if not right:
            found.append(Mismatch(number, expected.said, what, wanted, got))

    if expected.status is not None:
        check("status", str(expected.status), str(turn.status), right=turn.status is expected.status)
    got_tools = tuple(command.tool for command in turn.commands)
    if (tools := expected.expected_tools) is not None:
        right = got_tools == tools
        # A turn without commands is one decision too: that nothing is to be done.
        score.tools += max(1, len(tools))
        score.tools_right += (
            max(1, len(tools)) if right else sum(a == b for a, b in zip(tools, got_tools, strict=False))
        )
        check("tool" if len(tools) == 1 else "tools", _listed(tools), _listed(got_tools), right=right)
    _judge_arguments(number, expected, turn, score, found)
    if expected.agent is not None:
        check("agent", expected.agent, turn.agent, right=turn.agent == expected.agent)
    reply = _squeezed(turn.reply)
    for words in expected.reply_has:
        check("reply has", words, turn.reply, right=_squeezed(words) in reply)
    for words in expected.reply_lacks:
        check("reply lacks", words, turn.reply, right=_squeezed(words) not in reply)
    if expected.pending is not None:
        got = turn.pending.summary if turn.pending else None
        wanted = "something waits for a yes" if expected.pending else "nothing waits"
        check("pending", wanted, got, right=(turn.pending is not None) is expected.pending)
    check("writes", expected.expected_writes, writes, right=writes == expected.expected_writes)
    return found


def _judge_arguments(
    number: int, expected: Expected, turn: Turn, score: Score, found: list[Mismatch]
) -> None:
    for place, wanted in enumerate(expected.expected_arguments):
        got = turn.commands[place].arguments if place < len(turn.commands) else {}
        for name, value in wanted.items():
            right = name in got and alike(value, got[name])
            score.arguments += 1
            score.arguments_right += right
            if not right:
                found.append(Mismatch(number, expected.said, f"argument {name}", value, got.get(name)))


def judge_rows(
    query: str, expected: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]
) -> list[Mismatch]:
    """The rows of a query afterwards, in their order."""
    got = [list(row) for row in rows]
    right = len(got) == len(expected) and all(
        len(row) == len(wanted) and all(alike(w, value) for w, value in zip(wanted, row, strict=True))
        for wanted, row in zip(expected, got, strict=True)
    )
    return [] if right else [Mismatch(None, "", query, [list(row) for row in expected], got)]


def alike(wanted: Any, got: Any) -> bool:
    """Equal, where an instant may be written in any time zone and a time is TOML's or a text."""
    if isinstance(wanted, datetime) and isinstance(got, str | datetime):
        instant = _instant(got)
        return instant is not None and as_instant(instant) == as_instant(wanted)
    if isinstance(wanted, date) and isinstance(got, str):
        return got == wanted.isoformat()
    if (
        isinstance(wanted, str)
        and isinstance(got, str)
        and (one := _instant(wanted))
        and (other := _instant(got))
    ):
        return as_instant(one) == as_instant(other)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(alike, wanted, got))
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(alike(value, got[key]) for key, value in wanted.items())
    return bool(wanted == got)


def _instant(value: str | datetime) -> datetime | None:
    """The instant that a text is, or None: a date alone, or a time without its zone, is none."""
    if isinstance(value, str):
        if len(value) < len("2026-03-10T09:00"):
            return None
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if value.tzinfo else None


def _listed(tools: Sequence[str]) -> str:
    return ", ".join(tools) or "none"


def _squeezed(text: str) -> str:
    """Without capitals, and each run of white space (a no-break space too) as one space."""
    return " ".join(text.split()).casefold()
