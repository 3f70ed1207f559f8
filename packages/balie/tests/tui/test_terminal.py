"""The command in a terminal of its own, from its start to its end."""

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from time import monotonic

import pytest
from balie.vertical import load

PATIENCE = 60
F4, CTRL_Q = b"\x1bOS", b"\x11"


class Terminal:
    """A pseudo terminal of 100 × 30 in which a command runs."""

    def __init__(self, *command, **environment):
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, {**os.environ, "TERM": "xterm-256color", **environment})
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.shown = b""

    def until(self, text):
        """Read until the text has been drawn."""
        end = monotonic() + PATIENCE
        while text.encode() not in self.shown:
            # A cursor that blinks is drawn for ever.
            ready, _, _ = select.select([self.file], [], [], max(0.0, end - monotonic()))
            assert ready, f"{text!r} did not come; the last thing drawn was {self.shown[-2000:]!r}"
            self.shown += self._read()

    def _read(self):
        try:
            return os.read(self.file, 65536)
        except OSError as error:  # Linux says so when the other side is closed
            raise AssertionError(f"it ended after {self.shown[-2000:]!r}") from error

    def press(self, keys):
        self.shown = b""
        os.write(self.file, keys)

    def end(self):
        """Wait for the end; gives the exit code."""
        while select.select([self.file], [], [], PATIENCE)[0]:
            try:
                self.shown += os.read(self.file, 65536)
            except OSError:
                break
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.file)


@pytest.fixture
def terminal(seeded_database):
    file = asyncio.run(seeded_database(load("customer-service")))
    command = sys.executable, "-m", "balie.cli", "tui", "customer-service", "--as", "C-1001"
    opened = Terminal(*command, BALIE_DATABASE_URL=f"sqlite:///{file}")
    yield opened
    opened.close()


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
