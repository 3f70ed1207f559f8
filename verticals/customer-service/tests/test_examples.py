"""What the head was trained on is not what it is tested with."""

import re
import tomllib

import pytest
from balie_customer_service.vertical import VERTICAL
from rapidfuzz import fuzz, process

# Sentences this long that are this much alike are one sentence.
LONG_ENOUGH = 15
TOO_MUCH_ALIKE = 95.0


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.fixture(scope="module")
def phrases() -> list[str]:
    tables = tomllib.loads((VERTICAL.folder / "examples.toml").read_text(encoding="utf-8"))
    return [_plain(phrase) for labels in tables.values() for said in labels.values() for phrase in said]


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    files = sorted((VERTICAL.folder / "scenarios").glob("*.toml"))
    scenarios = [s for f in files for s in tomllib.loads(f.read_text(encoding="utf-8"))["scenario"]]
    return [_plain(turn["say"]) for scenario in scenarios for turn in scenario["turn"] if "say" in turn]


def test_no_sentence_of_a_scenario_is_an_example(phrases: list[str], sentences: list[str]) -> None:
    assert {s for s in sentences if s} & set(phrases) == set()


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


def test_every_command_has_enough_examples_and_no_two_are_the_same(phrases: list[str]) -> None:
    tables = tomllib.loads((VERTICAL.folder / "examples.toml").read_text(encoding="utf-8"))
    counts = {label: len(said) for label, said in tables["command"].items()}
    assert counts.keys() == VERTICAL.team.commands
    assert min(counts.values()) >= 60
    assert counts["out_of_scope"] >= 200
    commands = [" ".join(p.casefold().split()) for said in tables["command"].values() for p in said]
    assert len(commands) == len(set(commands))
