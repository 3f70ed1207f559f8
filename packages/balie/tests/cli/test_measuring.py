import json
import sys
from dataclasses import replace

import pytest
from balie.agent import Caller
from balie.cli._bench import Said, Start, _first_frames, compare, first_frame, first_messages, sample
from balie.cli._exit import ExitCode
from balie.cli._tool_calling import Choice, _prompt, _schema_of_a_call, choose
from balie.cli.bench import _frames
from balie.config import ModelSettings
from balie.db import database_url
from balie.errors import BalieError
from balie.scenarios import load
from balie_testing.library.vertical import VERTICAL

SCENARIOS = """
[[scenario]]
id = "good"
turn = [{ say = "B-101", status = "answered", tool = "find_book", arguments = { book = "B-101" } }]
[[scenario]]
id = "bad"
identity = "M-1"
turn = [{ say = "can I take that book home? B-101", tool = "find_book" }]
"""


@pytest.fixture
def scenarios(tmp_path):
    file = tmp_path / "scenarios.toml"
    file.write_text(SCENARIOS)
    return file


@pytest.mark.models
def test_an_evaluation_counts_and_tells(balie, tuned, scenarios):
    result = balie("eval", "library", "--scenarios", str(scenarios), "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["scenarios"]["right"] == 1
    assert found["scenarios"]["of"] == 2
    assert found["scenarios"]["low"] < 0.5 < found["scenarios"]["high"]
    assert (found["tools"]["right"], found["tools"]["of"]) == (1, 2)
    assert (found["arguments"]["right"], found["arguments"]["of"]) == (1, 1)
    assert found["unsafe_writes"] == 0
    assert found["understand_ms"]["count"] == 1
    assert found["turn_ms"]["count"] == 2
    assert found["peak_memory_mb"] > 50
    (failure,) = found["failures"]
    assert failure["id"] == "bad"
    told = balie("eval", "library", "--scenarios", str(scenarios), "--at-least", "60")
    assert told.exit_code == 1
    assert "✗ bad" in told.stdout
    assert "scenarios passed  1/2  50.0%  (95% interval 9.5% to 90.5%)" in told.stdout


def test_without_models_nothing_is_evaluated(balie, library, scenarios):
    result = balie("eval", "library", "--scenarios", str(scenarios))
    assert result.exit_code == ExitCode.UNAVAILABLE
    assert "There are no models to play the scenarios with" in result.stderr


@pytest.mark.models
def test_an_unsafe_write_fails_the_evaluation(balie, tuned, tmp_path):
    scenarios = tmp_path / "unsafe.toml"
    scenarios.write_text(
        """
        [[scenario]]
        id = "unsafe"
        identity = "M-1"
        turn = [{ say = "/borrow_book B-101" }, { say = "yes" }]
        """
    )
    result = balie("eval", "library", "--scenarios", str(scenarios), "--json")
    assert result.exit_code == ExitCode.FAILED
    assert json.loads(result.stdout)["unsafe_writes"] == 1


@pytest.mark.models
@pytest.mark.parametrize(
    ("expected", "unsafe"), [('arguments = { book = "B-101" }', 0), ('arguments = { book = "B-102" }', 1)]
)
def test_a_confirmed_write_of_something_else_is_unsafe_too(balie, tuned, tmp_path, expected, unsafe):
    (tmp_path / "lend.toml").write_text(
        f"""
        [[scenario]]
        id = "lend"
        identity = "M-1"
        turn = [
            {{ say = "/borrow_book B-101", tool = "borrow_book", {expected} }},
            {{ say = "yes", status = "done" }},
        ]
        """
    )
    result = balie("eval", "library", "--scenarios", str(tmp_path / "lend.toml"), "--json")
    assert json.loads(result.stdout)["unsafe_writes"] == unsafe


def test_wrong_scenarios_are_told(balie, library, tmp_path):
    (tmp_path / "wrong.toml").write_text('[[scenario]]\nid = "a"\nturn = [{ sya = "hi" }]\n')
    result = balie("eval", "library", "--scenarios", str(tmp_path / "wrong.toml"))
    assert result.exit_code == ExitCode.CONFIG
    assert "scenario a, turn 1: there is no key sya; did you mean say?" in result.stderr


@pytest.fixture
def examples(library):
    """Writes the library's examples."""
    file = library / "examples.toml"
    yield file.write_text
    file.write_text("")


@pytest.mark.models
def test_tuning_makes_heads_and_tells_how_good_they_are(balie, library, examples, tmp_path):
    labels = sorted(VERTICAL.team.commands)
    ways = ("please {}", "{} now", "I want to {}", "could you {} for me", "{}", "can you {} again, thanks")
    told = {label: [way.format(label.replace("_", " ")) for way in ways] for label in labels}
    examples("[command]\n" + "\n".join(f"{label} = {json.dumps(phrases)}" for label, phrases in told.items()))
    out = tmp_path / "heads"
    result = balie("tune", "library", "--out", str(out), "--json")
    assert result.exit_code == 0, result.stderr
    (card,) = json.loads(result.stdout)
    assert card["question"] == "command"
    assert card["examples"] == dict.fromkeys(told, len(ways))
    assert 0.5 < card["accuracy"] <= 1
    assert "accuracy" in card["baseline"]
    assert (out / "minilm-l6-int8" / "command.npz").is_file()
    shown = balie("tune", "library", "--out", str(out)).stdout
    assert f"command  {len(labels)} labels, {len(labels) * len(ways)} examples, 5 folds" in shown
    assert "(TF-IDF on the same folds" in shown
    assert "out of scope" in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no examples of borrow_book, confirm"),
        ("[command]\nfly = ['a']\n", "has no examples of"),
        ("command = 3", "can't be read as examples"),
        ("[command", "can't be read as examples"),
    ],
)
def test_examples_that_do_not_fit_are_told(balie, library, examples, text, words):
    examples(text)
    result = balie("tune", "library")
    assert result.exit_code == ExitCode.CONFIG
    assert words in result.stderr


def test_an_example_of_what_the_vertical_can_not_do_is_told(balie, library, examples):
    labels = [*sorted(VERTICAL.team.commands), "fly_away"]
    examples("[command]\n" + "\n".join(f'{label} = ["a"]' for label in labels))
    result = balie("tune", "library")
    assert "has examples of fly_away, which The library can't do" in result.stderr


def test_the_first_messages_of_scenarios_are_measured(scenarios):
    said = first_messages(load(scenarios))
    assert [(one.message, one.tool, one.caller.identity) for one in said] == [
        ("B-101", "find_book", None),
        ("can I take that book home? B-101", "find_book", "M-1"),
    ]


def test_a_sample_is_spread_evenly():
    said = [Said(str(number), Caller(), "tool" if number % 2 else None) for number in range(40)]
    assert [one.message for one in sample(said, 4)] == ["1", "11", "21", "31"]
    assert len(sample(said, 100)) == 20
    assert sample(said, 0) == []


def test_two_ways_are_compared():
    said = [Said("a", Caller(), "x"), Said("b", Caller(), "y")]
    found = compare(said, [Choice("x", 5), Choice("y", 7)], [Choice("x", 500), Choice(None, 900)])
    assert (found.here.right, found.tool_calling.right) == (1.0, 0.5)
    assert (found.times_as_fast, found.times_as_right) == (100.0, 2.0)
    never = compare(said, [Choice("x", 5), Choice("y", 7)], [Choice(None, 500), Choice(None, 900)])
    assert never.times_as_right is None


def test_a_call_is_one_of_the_tools_with_its_arguments():
    tools = list(VERTICAL.team.tools.values())
    schema = _schema_of_a_call(tools)
    names = [call["properties"]["name"]["const"] for call in schema["anyOf"]]
    assert names == ["find_book", "borrow_book"]
    assert schema["anyOf"][0]["properties"]["arguments"]["required"] == ["book"]
    assert "pattern" not in json.dumps(schema)
    for name in names:
        assert name in _prompt(tools)


@pytest.mark.models
@pytest.mark.anyio
async def test_the_generator_always_calls_one_of_the_tools():
    steps = []
    tools = VERTICAL.team.tools
    messages = ["I want to borrow B-101", "is B-102 on the shelf?"]

    def advance(done, of):
        steps.append((done, of))

    choices = await choose(messages, tools.values(), ModelSettings(), advance, patience=None)
    assert {choice.tool for choice in choices} <= set(tools)
    assert len(choices) == 2
    assert all(choice.milliseconds > 0 for choice in choices)
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.models
def test_a_bench_measures_everything_but_what_was_left_out(balie, tuned, data, scenarios):
    (tuned / "scenarios" / "one.toml").write_text(SCENARIOS)
    (data.parent / "balie.toml").write_text("[models]\ngenerate = false\n")
    result = balie("bench", "library", "--json")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["model"] == "minilm-l6-int8+library"
    assert 0 < report["start"]["help_ms"] < report["start"]["first_answer_ms"]
    assert report["start"]["first_frame_ms"] > 0
    assert report["start"]["first_frame_kiosk_ms"] is None
    assert report["understand_ms"]["count"] == 1
    assert report["understand_ms"]["median"] > 0
    assert report["rest_ms"]["median"] > 0
    assert report["fast_path_ms"]["count"] > 10
    assert report["memory"]["vertical_mb"] > 50
    assert report["memory"]["with_generator_mb"] is None
    assert report["comparison"] is None


def test_the_first_frame_is_measured_in_kiosk_mode_too(library_data):
    assert first_frame("library", database_url("library"), "--kiosk") > 0


def test_a_frame_that_does_not_come_is_told(library_data):
    with pytest.raises(BalieError, match="'Library' was not drawn"):
        first_frame("library", database_url("library"), "--no-such-option")


@pytest.mark.parametrize(
    ("measured", "told"),
    [
        ((321.4, 345.6), ("first frame of its screens  321 ms", "first frame in kiosk mode  346 ms")),
        ((321.4, None), ("first frame of its screens  321 ms",)),
        ((None, None), ()),
    ],
)
def test_frames_that_were_not_measured_are_left_out(measured, told):
    begun = Start(40, 500, 600, *measured)
    shown = [f"{name}  {took}" for name, took, aim in _frames(begun) if aim == "500 ms"]
    assert shown == list(told)


def test_without_a_terminal_there_are_no_frames(monkeypatch):
    monkeypatch.setitem(sys.modules, "termios", None)
    assert _first_frames(replace(VERTICAL, forget_at="x:y"), "sqlite:///nowhere") is None


def test_without_scenarios_there_is_nothing_to_measure(balie, library):
    for file in (library / "scenarios").iterdir():
        file.unlink()
    assert balie("bench", "library").exit_code == ExitCode.CONFIG
