import os
import pty
import re
import select
import signal
import subprocess
import sys

import pytest

CTRL_C = b"\x03"
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
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            preexec_fn=_hear_ctrl_c,
        ) as process:
            os.close(theirs)
            try:
                shown = _talked(process, ours, steps)
            finally:
                process.kill()
                os.close(ours)
        return process.returncode, _COLOURS.sub("", shown)

    return talk


def _hear_ctrl_c():
    # What runs in the background of a script is deaf to it, and so would its children be.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _talked(process, terminal, steps):
    shown, seen = b"", 0
    for awaited, typed in steps:
        while (place := shown.find(awaited.encode(), seen)) < 0:
            more = _read(terminal)
            assert more, f"it ended before it said {awaited!r}: {shown!r}"
            shown += more
        seen = place + len(awaited.encode())
        if typed is CTRL_C:
            _interrupt(process)
        else:
            os.write(terminal, typed)
    while more := _read(terminal):
        shown += more
    process.wait(30)
    return shown.decode()


def _interrupt(process):
    """What a terminal makes of ctrl-c; again, as a person would, where it came just before the line was read."""
    for _ in range(60):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            continue
        return


def _read(terminal):
    ready, _, _ = select.select([terminal], [], [], 60)
    assert ready, "nothing came for a minute"
    try:
        return os.read(terminal, 4096)
    except OSError:  # the other side is closed
        return b""


def test_a_conversation_at_a_terminal(terminal):
    steps = [("›", b"B-101\n"), ("shelf.", b""), ("›", b"/find_book\n"), ("Which book?", b""), ("›", b"\x04")]
    code, shown = terminal("chat", "library", steps=steps)
    assert code == 0
    assert "The library  (ctrl-d ends)" in shown
    assert "Hello, you are at the desk of The library." in shown
    assert re.search(r"Moby Dick \(B-101\) has 2 copies on the shelf\.\s+answered · \d+ ms", shown)
    assert "needs_input" in shown


def test_ctrl_c_ends_without_a_traceback(terminal):
    code, shown = terminal("chat", "library", steps=[("›", CTRL_C)])
    assert code == 130
    assert "Traceback" not in shown
