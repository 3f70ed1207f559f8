import json
from uuid import uuid4

import pytest
from balie.cli._exit import ExitCode


def said(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_one_message_and_its_answer(balie, library_data):
    result = balie("chat", "library", "B-102")
    assert result.exit_code == 0
    assert result.stdout == "Emma (B-102) has 0 copies on the shelf.\n"


def test_the_first_command_makes_the_database_and_says_so(balie, library, rows):
    result = balie("chat", "library", "B-102")
    assert result.exit_code == 0
    assert "Making the database of The library" in result.stderr
    assert "Filling it with the sample data" in result.stderr
    assert "database" not in result.stdout
    assert rows("SELECT count(*) FROM books") == [(3,)]
    assert "database" not in balie("chat", "library", "B-102").stderr


def test_json_is_the_turn(balie, library_data):
    turn = said(balie("chat", "library", "B-102", "--json"))
    assert turn["status"] == "answered"
    assert turn["turn"] == 1
    (command,) = turn["commands"]
    assert command["tool"] == "find_book"
    assert command["arguments"] == {"book": "B-102"}
    assert command["evidence"]["book"] == {"source": "message", "span": [0, 5]}
    assert set(turn["latency_ms"]) == {"understand", "resolve", "act", "reply", "total"}


def test_a_yes_in_the_same_conversation_is_carried_out_once(balie, library_data, rows):
    ask = said(balie("chat", "library", "/borrow_book B-101", "--as", "M-1", "--json"))
    assert ask["status"] == "needs_confirmation"
    assert ask["pending"]["tool"] == "borrow_book"
    assert rows("SELECT copies FROM books WHERE number = 'B-101'") == [(2,)]
    done = said(balie("chat", "library", "yes", "--as", "M-1", "--continue", "--json"))
    assert (done["status"], done["conversation"], done["turn"]) == ("done", ask["conversation"], 2)
    again = said(
        balie("chat", "library", "yes", "--as", "M-1", "--conversation", ask["conversation"], "--json")
    )
    assert again["status"] != "done"
    assert rows("SELECT copies FROM books WHERE number = 'B-101'") == [(1,)]
    assert rows("SELECT actor, action FROM audit") == [("customer:M-1", "borrow_book")]


def test_nobody_goes_on_with_somebody_elses_conversation(balie, library_data):
    turn = said(balie("chat", "library", "B-101", "--as", "M-1", "--json"))
    other = balie("chat", "library", "B-101", "--as", "M-2", "--conversation", turn["conversation"])
    assert other.exit_code == ExitCode.NOT_FOUND
    nothing = balie("chat", "library", "yes", "--as", "M-2", "--continue")
    assert nothing.exit_code == ExitCode.NOT_FOUND
    assert "M-2 had no conversation here yet" in nothing.stderr
    anonymous = balie("chat", "library", "yes", "--continue")
    assert anonymous.exit_code == ExitCode.NOT_FOUND


def test_staff_may_read_any(balie, library_data):
    turn = said(balie("chat", "library", "B-101", "--as", "M-1", "--json"))
    arguments = ("--as", "Femke", "--role", "staff", "--conversation", turn["conversation"], "--json")
    assert said(balie("chat", "library", "B-103", *arguments))["turn"] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--continue", "--conversation", str(uuid4())), ExitCode.USAGE, "give one of them"),
        (("--conversation", str(uuid4())), ExitCode.NOT_FOUND, "no such conversation"),
        (("--conversation", "seven"), ExitCode.USAGE, "not a valid UUID"),
        (("--role", "king"), ExitCode.USAGE, "king"),
    ],
)
def test_what_can_not_be_is_told(balie, library_data, arguments, code, words):
    result = balie("chat", "library", "hello", *arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert result.stdout == ""


def test_an_empty_message_is_told(balie, library_data):
    result = balie("chat", "library", "  ")
    assert result.exit_code == ExitCode.USAGE
    assert "The message is empty" in result.stderr


def test_without_models_it_says_so_and_ends_with_unavailable(balie, library_data):
    result = balie("chat", "library", "what is there to read about whales?")
    assert result.exit_code == ExitCode.UNAVAILABLE
    assert "The models are not available" in result.stderr
    assert "/find_book" in result.stdout


def test_lines_from_a_pipe_are_messages(balie, library_data):
    result = balie("chat", "library", "--as", "M-1", stdin="B-101\n\n/borrow_book B-101\nno\n")
    assert result.exit_code == 0
    first, second, third = result.stdout.strip().split("\n")
    assert first == "Moby Dick (B-101) has 2 copies on the shelf."
    assert second.startswith("Shall I lend you Moby Dick (B-101)")
    assert third == "All right, I have changed nothing."


def test_lines_from_a_pipe_are_json_lines(balie, library_data, rows):
    result = balie("chat", "library", "--as", "M-1", "--json", stdin="/borrow_book B-101\nyes")
    turns = [json.loads(line) for line in result.stdout.splitlines()]
    assert [turn["status"] for turn in turns] == ["needs_confirmation", "done"]
    assert len({turn["conversation"] for turn in turns}) == 1
    assert rows("SELECT copies FROM books WHERE number = 'B-101'") == [(1,)]


def test_it_is_the_same_in_a_process_of_its_own(balie_process, library_data):
    result = balie_process("chat", "library", "B-103")
    assert result.returncode == 0
    assert result.stdout == "Dracula (B-103) has 1 copy on the shelf.\n"


@pytest.mark.models
def test_what_is_said_is_understood(balie, tuned, library_data):
    turn = said(balie("chat", "library", "Can I take that book home? B-101", "--as", "M-1", "--json"))
    assert (turn["status"], turn["commands"][0]["tool"]) == ("needs_confirmation", "borrow_book")
    assert turn["model"] == "minilm-l6-int8+library"
    assert turn["confidence"] > 0.5
