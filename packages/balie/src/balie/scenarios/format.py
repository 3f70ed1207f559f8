"""How a scenario is written. All keys but ``id`` and one of ``say``, ``confirm`` and ``run`` are optional.

::

    [[scenario]]
    id = "cancel-unshipped"
    role = "customer"                     # who is speaking; customer when left out
    identity = "C-1001"                   # authenticated as; left out: anonymous
    now = 2026-03-10T09:00:00+01:00       # the clock is frozen; the sample data are those of 2026-03-10
    language = "en"
    note = "why this scenario is here"
    before = ["UPDATE …"]                 # SQL that sets the stage

    [[scenario.turn]]
    say = "please cancel 10240"           # what the person writes,
    # confirm = true                      # or the button yes (true) or no (false) of what is pending,
    # run = { tool = "cancel_order", arguments = { order = "10240" } }     # or a form that is sent
    now = 2026-03-10T09:20:00+01:00       # the clock moves on before this turn
    status = "needs_confirmation"
    tool = "cancel_order"                 # the one command of this turn, or in order: tools = ["…", "…"]
    arguments = { order = "10240" }       # these and maybe more; with tools a list, one for each
    no_tool = true                        # no command at all
    agent = "service"
    reply_has = ["10240"]                 # capitals and white space do not matter
    reply_lacks = ["10300"]
    pending = true                        # something waits for a yes afterwards, or (false) nothing does
    writes = 1                            # actions carried out; left out: 1 where status is "done", else 0

    [scenario.after]                      # SQL → rows, on the vertical's database
    "SELECT status FROM orders WHERE number = '10240'" = [["cancelled"]]
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from balie.agent import Role, Status
from balie.errors import ConfigError

SAMPLE_DAY = date(2026, 3, 10)
"""The day on which the sample data of every scenario are made, a Tuesday; ``now`` may lie later."""

_NINE = datetime(2026, 3, 10, 9, 0, tzinfo=timezone(timedelta(hours=1)))

Instant = Annotated[datetime, Meta(tz=True)]
Arguments = dict[str, Any]


class ScenarioError(ConfigError):
    """A scenario is not written as it must be; the words say where."""

    slug = "scenario"


class Run(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form: a tool and its arguments."""

    tool: str
    arguments: Arguments = {}


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn: what the person does, and what must come of it. None is "does not matter"."""

    say: str | None = None
    confirm: bool | None = None
    run: Run | None = None
    now: Instant | None = None
    status: Status | None = None
    tool: str | None = None
    tools: tuple[str, ...] | None = None
    arguments: Arguments | list[Arguments] | None = None
    no_tool: bool = False
    agent: str | None = None
    reply_has: tuple[str, ...] = ()
    reply_lacks: tuple[str, ...] = ()
    pending: bool | None = None
    writes: Annotated[int, Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        """What msgspec's types can't say."""
        if sum(way is not None for way in (self.say, self.confirm, self.run)) != 1:
            raise ValueError("exactly one of say, confirm and run belongs in a turn")
        if sum((self.tool is not None, self.tools is not None, self.no_tool)) > 1:
            raise ValueError("tool, tools and no_tool exclude each other")
        if isinstance(self.arguments, list) != (self.tools is not None) and self.arguments is not None:
            raise ValueError("arguments is a table, or with tools a list of tables, one for each")

    @property
    def expected_tools(self) -> tuple[str, ...] | None:
        """The commands that this turn must have, in order; None where it does not matter."""
        if self.no_tool:
            return ()
        return (self.tool,) if self.tool is not None else self.tools

    @property
    def expected_arguments(self) -> tuple[Arguments, ...]:
        """For each expected command the arguments that it must have."""
        if self.arguments is None:
            return ()
        return tuple(self.arguments) if isinstance(self.arguments, list) else (self.arguments,)

    @property
    def expected_writes(self) -> int:
        """How many actions this turn may carry out, and must."""
        return self.writes if self.writes is not None else int(self.status is Status.DONE)

    @property
    def said(self) -> str:
        """What the person does, for people to read."""
        if self.run is not None:
            arguments = " ".join(f"{name}={value}" for name, value in self.run.arguments.items())
            return f"/{self.run.tool} {arguments}".strip()
        return self.say if self.say is not None else "[yes]" if self.confirm else "[no]"


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A conversation, and what must be true afterwards."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    role: Role = Role.CUSTOMER
    identity: str | None = None
    now: Instant = _NINE
    language: str = "en"
    note: str = ""
    known_gap: str = ""
    """Why it does not pass yet. `balie eval` counts it as failed; a test run expects the failure."""
    before: tuple[str, ...] = ()
    turn: Annotated[tuple[Expected, ...], Meta(min_length=1)]
    after: dict[str, list[list[Any]]] = {}


def load(path: Path) -> list[Scenario]:
    """Every scenario of a file, or of the ``*.toml`` files of a folder, in the files' order.

    Raises:
        ScenarioError: nothing is there, a file is not TOML, a key or value is wrong, or an id comes twice.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise ScenarioError(f"There are no scenarios in {path}: no *.toml file.")
    found: dict[str, Path] = {}
    scenarios = []
    for file in files:
        for scenario in load_file(file):
            if scenario.id in found:
                raise ScenarioError(
                    f"The scenario {scenario.id} is in {found[scenario.id]} and again in {file}."
                )
            found[scenario.id] = file
            scenarios.append(scenario)
    return scenarios


def load_file(file: Path) -> list[Scenario]:
    """The scenarios of one file.

    Raises:
        ScenarioError: it can't be read, or a key or value is wrong.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{file} can't be read as TOML: {error}") from error
    _check_keys(content, ("scenario",), f"{file}")
    entries = content.get("scenario", [])
    if not isinstance(entries, list):
        raise ScenarioError(f"{file}: a scenario begins with [[scenario]], in two pairs of brackets.")
    return [_scenario(entry, file, number) for number, entry in enumerate(entries, 1)]


def _scenario(entry: Any, file: Path, number: int) -> Scenario:
    where = (
        f"{file}, scenario {entry.get('id', f'number {number}')}" if isinstance(entry, dict) else f"{file}"
    )
    if isinstance(entry, dict):
        _check_keys(entry, Scenario.__struct_fields__, where)
        turns = entry.get("turn", [])
        for place, turn in enumerate(turns if isinstance(turns, list) else [], 1):
            if isinstance(turn, dict):
                _check_keys(turn, Expected.__struct_fields__, f"{where}, turn {place}")
    try:
        return msgspec.convert(entry, Scenario)
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{where}: {error}") from error


def _check_keys(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    known = list(known)
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it can be {', '.join(known)}."
            raise ScenarioError(f"{where}: there is no key {key}; {hint}")


def as_instant(value: datetime) -> str:
    """An instant as text that is equal where the instants are."""
    return value.astimezone(UTC).isoformat()
