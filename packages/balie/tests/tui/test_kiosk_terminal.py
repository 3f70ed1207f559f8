"""Kiosk mode in a terminal of its own: what the keyboard and the system can do to it."""

import asyncio
import os
import signal
import sys

import pytest
from balie.tui.kiosk.pin import hashed
from balie.vertical import load
from balie_testing.terminal import PATIENCE, TypedTerminal

PIN = "135790"
F12 = b"\x1b[24~"
KEYS = b"\x03\x1a\x1c\x11\x04\x10\x1b[20~\x1b[15~"
"""ctrl+c, ctrl+z, ctrl+\\, ctrl+q, ctrl+d, ctrl+p, F9, F5."""


@pytest.fixture
def terminal(seeded_database, tmp_path):
    file = asyncio.run(seeded_database(load("customer-service")))
    command = sys.executable, "-m", "balie.cli", "tui", "customer-service", "--kiosk"
    environment = {
        **os.environ,
        "BALIE_DATABASE_URL": f"sqlite:///{file}",
        "BALIE_DATA_DIR": str(tmp_path / "data"),
        "BALIE_KIOSK__PIN_HASH": hashed(PIN),
        "TEXTUAL_ALLOW_SIGNALS": "1",  # as if the terminal were not in raw mode
    }
    with TypedTerminal(command, environment, columns=100, lines=30) as opened:
        yield opened


def test_keys_and_signals_do_nothing_and_the_operator_leaves(terminal):
    terminal.until("Touch the screen")
    terminal.press(KEYS)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGHUP):
        os.kill(terminal.process.pid, number)
    terminal.until("Type here")
    terminal.press(b"10234\r")
    terminal.until("I can tell you once")
    terminal.press(F12)
    terminal.until("Operator")
    terminal.press(PIN.encode() + b"\r")
    terminal.until("Leave kiosk mode")
    terminal.press(b"\t\t\r")
    assert terminal.end() == 0
    assert b"\x1b[?1049l" in terminal.shown, "the terminal is left as it was found"


def test_the_system_ends_it_in_order(terminal, tmp_path):
    terminal.until("Touch the screen")
    terminal.press(b"10234\r")
    terminal.until("I can tell you once")
    notes = tmp_path / "data" / "kiosk-customer-service.visit"
    assert notes.read_text()
    os.kill(terminal.process.pid, signal.SIGTERM)
    assert terminal.end() == 0
    assert notes.read_text() == "", "the visit is wiped on the way out"


def test_it_ends_where_its_terminal_is_gone(terminal):
    terminal.until("Touch the screen")
    os.close(terminal.file)
    terminal.file = os.open(os.devnull, os.O_RDONLY)
    assert terminal.process.wait(PATIENCE) >= 0, "it ends by itself"
