"""Measuring a desk: understanding, the rest of a turn, start, memory, and the usual way beside it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from balie.agent import Caller, Turn
from balie.errors import BalieError, DataError
from balie.models.hardware import Hardware
from balie.scenarios import Scenario, percentile
from balie.scenarios.summary import Times, times

if TYPE_CHECKING:
    from balie.agent.desk import Desk
    from balie.cli._console import Advance
    from balie.cli._tool_calling import Choice
    from balie.vertical import Vertical

_STARTS = 5
_ANSWERS = 3
_FRAME_SECONDS = 60.0
_FAST_PATHS = 60
_WARM_UP = 5
# A new process says that it is ready, and then that it has answered.
_LINES = 2
_FAST = ("yes", "no thanks", "hello", "help", "never mind")


class Said(NamedTuple):
    """The first message of a scenario, who says it, and the one tool it means (None: several, or none)."""

    message: str
    caller: Caller
    tool: str | None


class Start(msgspec.Struct, frozen=True):
    """Milliseconds from the start of the process, the median of several."""

    help_ms: float
    ready_ms: float
    first_answer_ms: float
    first_frame_ms: float | None
    """Of the screens; None where there is no pseudo-terminal to draw them in, as on Windows."""
    first_frame_kiosk_ms: float | None
    """In kiosk mode; None for a vertical that is not made for it, too."""


class Memory(msgspec.Struct, frozen=True):
    """Resident memory in megabytes (10⁶ bytes); None where it was not measured."""

    vertical_mb: float
    with_generator_mb: float | None


class Side(msgspec.Struct, frozen=True):
    """One way to choose the tool: the share that was right, and milliseconds to choose for one message."""

    right: float
    median_ms: float
    p95_ms: float


class Comparison(msgspec.Struct, frozen=True):
    """Both ways over the same messages in the same run. ``times_as_fast`` is of the medians."""

    messages: int
    here: Side
    tool_calling: Side
    times_as_fast: float
    times_as_right: float | None
    """None where the other way was never right."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What ``balie bench`` tells."""

    vertical: str
    model: str
    hardware: Hardware
    start: Start
    understand_ms: Times
    fast_path_ms: Times
    rest_ms: Times
    memory: Memory
    comparison: Comparison | None


def first_messages(scenarios: Sequence[Scenario]) -> list[Said]:
    """What the scenarios begin with, where it is something said on the plain sample data."""
    found = []
    for scenario in scenarios:
        first = scenario.turn[0]
        if first.say is None or scenario.before:
            continue
        tools = first.expected_tools or ()
        caller = Caller(scenario.role, scenario.identity, scenario.language, "bench")
        found.append(Said(first.say, caller, tools[0] if len(tools) == 1 else None))
    return found


def sample(said: Sequence[Said], count: int) -> list[Said]:
    """``count`` of those that mean one tool, evenly spread over all of them."""
    known = [one for one in said if one.tool is not None]
    step = max(1.0, len(known) / count) if count else 0
    return [known[int(place * step)] for place in range(min(count, len(known)))]


class Measured(NamedTuple):
    """Milliseconds of the turns where a model was asked, and what each message was taken for."""

    understood: Times
    rest: Times
    choices: "list[Choice]"


async def turns(desk: "Desk", said: Sequence[Said], advance: "Advance") -> Measured:
    """Say every message: how long it takes to understand it, and then until the turn is stored."""
    from balie.cli._tool_calling import Choice

    understood, rest, choices = [], [], []
    for one in said[:_WARM_UP]:
        await _timed_turn(desk, one)
    for number, one in enumerate(said, 1):
        turn, took = await _timed_turn(desk, one)
        advance(number, len(said))
        tool = turn.commands[0].tool if len(turn.commands) == 1 else None
        choices.append(Choice(tool, turn.latency_ms.understand))
        if turn.model:
            understood.append(turn.latency_ms.understand)
            rest.append(took - turn.latency_ms.understand)
    return Measured(times(understood), times(rest), choices)


async def fast_paths(desk: "Desk") -> Times:
    """Understanding what needs no model, with what is looked up for it."""
    taken = []
    for number in range(_FAST_PATHS):
        turn, _ = await _timed_turn(desk, Said(_FAST[number % len(_FAST)], Caller(channel="bench"), None))
        taken.append(turn.latency_ms.understand + turn.latency_ms.resolve)
    return times(taken)


async def _timed_turn(desk: "Desk", said: Said) -> "tuple[Turn, float]":
    conversation = await desk.open(said.caller)
    begun = perf_counter()
    turn = await desk.say(conversation, said.message, said.caller)
    return turn, (perf_counter() - begun) * 1000


def compare(said: Sequence[Said], here: "Sequence[Choice]", there: "Sequence[Choice]") -> Comparison:
    """Two ways over the same messages."""
    one, other = _side(said, here), _side(said, there)
    return Comparison(
        messages=len(said),
        here=one,
        tool_calling=other,
        times_as_fast=round(other.median_ms / one.median_ms, 1),
        times_as_right=round(one.right / other.right, 2) if other.right else None,
    )


def _side(said: Sequence[Said], choices: "Sequence[Choice]") -> Side:
    right = sum(choice.tool == one.tool for one, choice in zip(said, choices, strict=True))
    taken = times([choice.milliseconds for choice in choices])
    return Side(round(right / len(said), 4), taken.median, taken.p95)


def start(vertical: "Vertical", said: Said, database: str) -> tuple[Start, float]:
    """How soon a new process helps, is ready, answers, draws, and the resident megabytes when it has answered."""
    helped = [_timed("-m", "balie.cli", "--help") for _ in range(_STARTS)]
    ready, answered, resident = [], [], []
    for _ in range(_ANSWERS):
        took, told = _first_answer(vertical, said, database)
        ready.append(took[0])
        answered.append(took[1])
        resident.append(float(told[1]["resident_mb"]))
    begun = Start(
        help_ms=_median(helped),
        ready_ms=_median(ready),
        first_answer_ms=_median(answered),
        first_frame_ms=_first_frames(vertical, database),
        first_frame_kiosk_ms=_first_frames(vertical, database, "--kiosk") if vertical.forget_at else None,
    )
    return begun, percentile(resident, 50)


def memory_with_generator(vertical: "Vertical", said: Said, database: str) -> float | None:
    """Resident megabytes of a process whose generator has written something; None where it can't."""
    _, told = _first_answer(vertical, said, database, "--write")
    return float(told[-1]["resident_mb"]) if told[-1].get("written") else None


def _first_answer(
    vertical: "Vertical", said: Said, database: str, *more: str
) -> tuple[list[float], list[dict[str, Any]]]:
    """When each line came, in milliseconds from the start of the process, and what it said."""
    command = [sys.executable, "-m", "balie.cli._first_answer", vertical.name, said.message, *more]
    if said.caller.identity:
        command.append(said.caller.identity)
    environment = {**os.environ, "BALIE_DATABASE_URL": database}
    begun = perf_counter()
    with subprocess.Popen(  # noqa: S603  ours
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        if process.stdout is None or process.stderr is None:
            raise DataError("The process that answers has no output.")
        came, lines = [], []
        for line in process.stdout:
            came.append((perf_counter() - begun) * 1000)
            lines.append(line)
        words = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0 or len(lines) < _LINES:
        raise BalieError(f"A new process did not answer: {words.splitlines()[-1] if words else 'no words'}")
    return came, [msgspec.json.decode(line) for line in lines]


def _first_frames(vertical: "Vertical", database: str, *options: str) -> float | None:
    if find_spec("termios") is None:
        return None
    return _median([first_frame(vertical.name, database, *options) for _ in range(_STARTS)])


def first_frame(vertical: str, database: str, *options: str) -> float:
    """Milliseconds until a new process has drawn the title, in a terminal of 120 × 40.

    Raises:
        BalieError: it did not draw it.
    """
    from balie.cli._terminal import Terminal
    from balie.tui.launch import first_title

    title = first_title(vertical)
    command = [sys.executable, "-m", "balie.cli", "tui", vertical, *options]
    begun = perf_counter()
    with Terminal(command, {**os.environ, "BALIE_DATABASE_URL": database}) as terminal:
        terminal.until(title, _FRAME_SECONDS)
        return (perf_counter() - begun) * 1000


def _median(milliseconds: Sequence[float]) -> float:
    return round(percentile(milliseconds, 50), 1)


def _timed(*arguments: str) -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  ours
    return (perf_counter() - begun) * 1000


def database_in(folder: Path, vertical: "Vertical") -> tuple[Path, str]:
    """Where the copy of the sample data is, and as an URL."""
    from balie.db.engine import file_url

    path = folder / f"bench-{vertical.name}.sqlite3"
    return path, file_url(path)
