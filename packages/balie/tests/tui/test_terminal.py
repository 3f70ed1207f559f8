"""The command in a terminal of its own, from its start to its end."""

import asyncio
import os
import subprocess
import sys

import pytest
from balie.vertical import load
from balie_testing.terminal import PATIENCE, TypedTerminal

F4, CTRL_Q = b"\x1bOS", b"\x11"


@pytest.fixture
def terminal(seeded_database):
    file = asyncio.run(seeded_database(load("customer-service")))
    command = sys.executable, "-m", "balie.cli", "tui", "customer-service", "--as", "C-1001"
    environment = {**os.environ, "BALIE_DATABASE_URL": f"sqlite:///{file}"}
    with TypedTerminal(command, environment, columns=100, lines=30) as opened:
        yield opened


def test_without_a_terminal_it_says_so():
    command = sys.executable, "-m", "balie.cli", "tui", "customer-service"
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert "The screens need a terminal" in done.stderr


def test_from_the_first_frame_to_the_end(terminal):
    terminal.until("Customer service")
    assert b"Hello" not in terminal.shown, "the first frame waits for nothing"
    terminal.press(b"10234\r")
    terminal.until("3SBAL004182736")
    terminal.press(F4)
    terminal.until("My orders")
    terminal.press(CTRL_Q)
    assert terminal.end() == 0
    assert b"Traceback" not in terminal.shown
    assert b"\x1b[?1049l" in terminal.shown, "the terminal is left as it was found"
