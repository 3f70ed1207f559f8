"""Scenarios as pytest's items."""

import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from balie_testing.stage import Stage

if TYPE_CHECKING:
    from balie.scenarios import Outcome, Scenario
    from balie.vertical import Vertical

GROUP = "balie.verticals"
_SEEN = pytest.StashKey[dict[tuple[Path, str], Path]]()


class ScenarioFailedError(Exception):
    """Something did not come as the scenario expects."""

    def __init__(self, outcome: "Outcome") -> None:
        super().__init__(f"{len(outcome.mismatches)} things are not as expected")
        self.outcome = outcome


def vertical_of(folder: Path) -> str | None:
    """Where the vertical of a project folder is (``module:attribute``), by its entry point, or None."""
    project = folder / "pyproject.toml"
    if not project.is_file():
        return None
    content = tomllib.loads(project.read_text(encoding="utf-8"))
    places: dict[str, str] = content.get("project", {}).get("entry-points", {}).get(GROUP, {})
    return next(iter(places.values()), None)


class ScenarioFile(pytest.File):
    """A file of scenarios of the vertical at ``place`` (``module:attribute``)."""

    def __init__(self, *, place: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.place = place

    def collect(self) -> Iterator["ScenarioItem"]:
        """An item for each scenario, named by its id."""
        from balie.scenarios import ScenarioError, load_file

        try:
            scenarios = load_file(self.path)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from error
        seen = self.config.stash.setdefault(_SEEN, {})
        for scenario in scenarios:
            first = seen.setdefault((self.path.parent, scenario.id), self.path)
            if first != self.path or sum(other.id == scenario.id for other in scenarios) > 1:
                raise self.CollectError(f"The scenario {scenario.id} is in {first} and again in {self.path}.")
        for scenario in scenarios:
            item: ScenarioItem = ScenarioItem.from_parent(self, name=scenario.id, scenario=scenario)
            yield item

    def vertical(self) -> "Vertical":
        """The vertical, imported now."""
        module, _, attribute = self.place.partition(":")
        vertical: Vertical = getattr(import_module(module), attribute)
        return vertical


class ScenarioItem(pytest.Item):
    """One scenario, played with the embedded models."""

    def __init__(self, *, scenario: "Scenario", **rest: Any) -> None:
        super().__init__(**rest)
        self.scenario = scenario
        self.add_marker("models")

    def runtest(self) -> None:
        """Play it and judge it."""
        file = self.parent
        assert isinstance(file, ScenarioFile)
        outcome = Stage.of(self.config).play(self.scenario, file.vertical())
        gap = self.scenario.known_gap
        if outcome.passed and gap:
            pytest.fail(f"It passes now: take out known_gap ({gap}).", pytrace=False)
        if not outcome.passed and gap and not outcome.unsafe_writes:
            pytest.xfail(gap)
        if not outcome.passed:
            raise ScenarioFailedError(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The conversation as it went, and in it what was expected and what came."""
        from balie.errors import BalieError

        if isinstance(excinfo.value, ScenarioFailedError):
            return told(self.scenario, excinfo.value.outcome)
        if isinstance(excinfo.value, BalieError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line where the scenario's id stands."""
        wanted = f'"{self.scenario.id}"'
        lines = self.path.read_text(encoding="utf-8").splitlines()
        line = next((n for n, text in enumerate(lines) if text.startswith("id") and wanted in text), None)
        return self.path, line, f"scenario {self.scenario.id}"


def told(scenario: "Scenario", outcome: "Outcome") -> str:
    """A failed scenario for people to read."""
    who = f"{scenario.role} {scenario.identity or '(anonymous)'}"
    lines = [f"{scenario.id}: {who} at {scenario.now:%a %Y-%m-%d %H:%M}"]
    if scenario.note:
        lines.append(f"  {scenario.note}")
    lines += _mismatches(outcome, 0, "before")
    came = [*outcome.turns, *[None] * len(scenario.turn)]
    for number, (expected, turn) in enumerate(zip(scenario.turn, came, strict=False), 1):
        lines.append(f"  {number}. {expected.said}")
        if turn is not None:
            commands = ", ".join(f"{c.tool}({_arguments(c.arguments)})" for c in turn.commands)
            lines.append(
                f"     {turn.status}{f' · {commands}' if commands else ''} · {_one_line(turn.reply)}"
            )
        lines += _mismatches(outcome, number)
    lines += _mismatches(outcome, None, "afterwards")
    if outcome.unsafe_writes:
        lines.append(f"  {outcome.unsafe_writes} unsafe: carried out, and no turn expected it")
    return "\n".join(lines)


def _mismatches(outcome: "Outcome", turn: int | None, heading: str = "") -> list[str]:
    found = [
        line
        for m in outcome.mismatches
        if m.turn == turn
        for line in (f"     ✗ {m.what}", f"         expected {m.expected!r}", f"         got      {m.got!r}")
    ]
    return [f"  {heading}", *found] if found and heading else found


def _arguments(arguments: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in arguments.items())


def _one_line(text: str) -> str:
    return " ".join(text.split())
