import os
import pty
import re
import select
import subprocess
import sys

import pytest
from balie_testing.project import make_heads

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def alone(library, monkeypatch):
    """The library is the only vertical."""
    import importlib.metadata

    from balie import vertical

    of_the_library = importlib.metadata.entry_points(group=vertical.GROUP, name="library")
    monkeypatch.setattr(vertical, "names", lambda: [entry.name for entry in of_the_library])


def test_the_demo_shows_what_was_said_done_and_changed(balie, alone, data):
    result = balie("demo")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("Balie serves a customer in every vertical")
    assert "Filling it with the sample data of The library" in result.stderr
    lines = [line.strip() for line in result.stdout.splitlines()]
    for wanted in (
        "The library",
        "M-1",
        "B-101",
        "librarian",
        "Moby Dick (B-101) has 2 copies on the shelf.",
        "/borrow_book B-101",
        "yes",
    ):
        assert wanted in lines
    changed = [line for line in lines if line.startswith("database  ")]
    assert any(re.match(r"database  \+ pending_actions ….{6}: tool borrow_book", line) for line in changed)
    assert "database  books B-101: copies 2 → 1" in [line.split(", updated_at")[0] for line in changed]
    assert any("+ loans …" in line and "note (encrypted)" in line for line in changed)
    assert any("+ audit 1: " in line and "action borrow_book" in line for line in changed)
    steps = [line for line in lines if line.startswith(("answered · ", "needs_confirmation · ", "done · "))]
    assert len(steps) == 3
    assert all(re.search(r"understood [\d.]+ ms · resolved .* · in all [\d.]+ ms$", line) for line in steps)
    assert re.match(r"Done in [\d.]+ s\. Try next: balie chat library --as M-1", lines[-1])


def test_the_demo_keeps_nothing(balie, alone, data):
    balie("demo")
    assert not data.exists() or not list(data.iterdir())
    assert os.environ["BALIE_DATA_DIR"] == str(data)


@pytest.fixture
def terminal(library_data):
    """Runs a command at a terminal and talks to it: (what to wait for, what to type then), …"""

    def talk(*arguments, steps):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "balie.cli", *arguments]
        environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        ) as process:
            os.close(theirs)
            shown = ""
            for awaited, typed in steps:
                seen = len(shown)
                while awaited not in shown[seen:]:
                    more = _read(ours)
                    assert more, f"it ended before it said {awaited!r}: {shown}"
                    shown += more
                os.write(ours, typed)
            while more := _read(ours):
                shown += more
            os.close(ours)
        return process.returncode, _COLOURS.sub("", shown)

    return talk


def _read(terminal):
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "nothing came for a minute"
    try:
        return os.read(terminal, 4096).decode()
    except OSError:  # the other side is closed
        return ""


def test_a_conversation_at_a_terminal(terminal):
    steps = [("›", b"B-101\n"), ("shelf.", b""), ("›", b"/find_book\n"), ("Which book?", b""), ("›", b"\x04")]
    code, shown = terminal("chat", "library", steps=steps)
    assert code == 0
    assert "The library  (ctrl-d ends)" in shown
    assert "Hello, you are at the desk of The library." in shown
    assert re.search(r"Moby Dick \(B-101\) has 2 copies on the shelf\.\s+answered · \d+ ms", shown)
    assert "needs_input" in shown


def test_ctrl_c_ends_without_a_traceback(terminal):
    code, shown = terminal("chat", "library", steps=[("›", b"\x03")])
    assert code == 130
    assert "Traceback" not in shown


@pytest.mark.models
def test_an_evaluation_counts_and_tells(balie, library, tmp_path):
    scenarios = tmp_path / "scenarios.toml"
    scenarios.write_text(
        """
        [[scenario]]
        id = "good"
        turn = [{ say = "B-101", status = "answered", tool = "find_book", arguments = { book = "B-101" } }]
        [[scenario]]
        id = "bad"
        turn = [{ say = "can I take that book home? B-101", tool = "find_book" }]
        """
    )
    import json

    without = balie("eval", "library", "--scenarios", str(scenarios))
    assert without.exit_code == 69
    make_heads(library)
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
    assert balie("eval", "library", "--scenarios", str(scenarios), "--model", "nowhere").exit_code == 69
