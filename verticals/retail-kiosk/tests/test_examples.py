"""What the head was trained on is not what it is tested with."""

import re
import tomllib

import pytest
from balie.agent.team import BUILT_IN, OUT_OF_SCOPE
from balie_retail_kiosk.vertical import VERTICAL
from rapidfuzz import fuzz, process

# Sentences this long that are this much alike are one sentence.
LONG_ENOUGH = 15
TOO_MUCH_ALIKE = 95.0

Tables = dict[str, dict[str, list[str]]]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.fixture(scope="module")
def tables() -> Tables:
    return tomllib.loads((VERTICAL.folder / "examples.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def phrases(tables: Tables) -> list[str]:
    return [_plain(phrase) for labels in tables.values() for said in labels.values() for phrase in said]


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    files = sorted((VERTICAL.folder / "scenarios").glob("*.toml"))
    scenarios = [s for f in files for s in tomllib.loads(f.read_text(encoding="utf-8"))["scenario"]]
    return [_plain(turn["say"]) for scenario in scenarios for turn in scenario["turn"] if "say" in turn]


def test_no_sentence_of_a_scenario_is_an_example(phrases: list[str], sentences: list[str]) -> None:
    # "yes" and "open Q-…" are said in one way only; what is longer than that is learned, not remembered.
    said = {s for s in sentences if len(s) >= LONG_ENOUGH}
    assert said & set(phrases) == set()


def test_none_is_an_example_with_another_number_or_letter(phrases: list[str], sentences: list[str]) -> None:
    def masked(text: str) -> str:
        return re.sub(r"\d+", "0", text)

    known = [masked(phrase) for phrase in phrases]
    alike = {
        sentence: found[0]
        for sentence in sorted({masked(s) for s in sentences if len(s) >= LONG_ENOUGH})
        if (found := process.extractOne(sentence, known, scorer=fuzz.ratio, score_cutoff=TOO_MUCH_ALIKE))
    }
    assert alike == {}


def test_every_command_has_enough_examples_and_no_two_are_the_same(tables: Tables) -> None:
    counts = {label: len(said) for label, said in tables["command"].items()}
    assert counts.keys() == VERTICAL.team.commands
    assert min(counts.values()) >= 100
    assert all(counts[label] >= 200 for label in BUILT_IN)
    assert counts[OUT_OF_SCOPE] >= 500
    commands = [" ".join(p.casefold().split()) for said in tables["command"].values() for p in said]
    assert len(commands) == len(set(commands))


def test_none_stands_under_two_commands_once_its_numbers_are_read(tables: Tables) -> None:
    as_read = VERTICAL.team.as_read
    under: dict[str, set[str]] = {}
    for label, said in tables["command"].items():
        for phrase in said:
            under.setdefault(" ".join(as_read(phrase).casefold().split()), set()).add(label)
    assert {phrase: labels for phrase, labels in under.items() if len(labels) > 1} == {}


def test_the_commands_differ_in_what_they_say_and_not_only_in_their_numbers(tables: Tables) -> None:
    as_read = VERTICAL.team.as_read
    kept = {
        label: len({" ".join(as_read(phrase).casefold().split()) for phrase in said})
        for label, said in tables["command"].items()
    }
    assert {label: count for label, count in kept.items() if count < 90} == {}
