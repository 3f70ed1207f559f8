"""ESC/POS printers for tests: what one would put on its paper, and one on the network that says how it is.

Only the commands of Epson's ESC/POS reference that a receipt needs are known; any other is an error, so that
a test notices what nobody looked at.
"""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PAPER, NO_PAPER = b"\x12", b"\x72"
"""Answers to DLE EOT 4: how much paper there is."""
ONLINE, OFFLINE = b"\x16", b"\x1e"
"""Answers to DLE EOT 1: whether it prints."""

_ASK_ONLINE, _ASK_PAPER = b"\x10\x04\x01", b"\x10\x04\x04"

_ESC, _GS = 0x1B, 0x1D
_CODE_PAGES = {0: "cp437", 16: "cp1252", 19: "cp858"}
_STYLES = {_ESC: b"aEM!-{JdV3", _GS: b"!BbV"}
"""Commands with one byte of their own, which change how it looks and not what it says."""
_STORE_CODE, _PRINT_CODE = 80, 81
_HIGH = 32
"""From this mode on, a column of dots is 24 high, else 8."""


@dataclass
class Paper:
    """What came out.

    Attributes:
        codes: the contents of the QR codes that the printer drew.
        pictures: what was sent as dots, each as its rows of 0 and 1; a strip of columns as its columns.
        cuts: how often the paper was cut.
    """

    text: str = ""
    codes: list[str] = field(default_factory=list)
    pictures: list[list[str]] = field(default_factory=list)
    cuts: int = 0

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()


def read(data: bytes) -> Paper:
    """The paper that comes out.

    Raises:
        ValueError: a command that is not known here.
    """
    paper, encoding, code, at = Paper(), "cp437", "", 0
    while at < len(data):
        lead, command = data[at], data[at + 1 : at + 2]
        if lead not in (_ESC, _GS):
            end = next((n for n in range(at, len(data)) if data[n] in (_ESC, _GS)), len(data))
            paper.text += data[at:end].decode(encoding)
            at = end
        elif (lead, command) == (_ESC, b"@"):
            encoding, at = "cp437", at + 2
        elif (lead, command) == (_ESC, b"2"):
            at += 2
        elif (lead, command) == (_ESC, b"t"):
            encoding, at = _CODE_PAGES[data[at + 2]], at + 3
        elif (lead, command) == (_GS, b"("):
            body = data[at + 5 : at + 5 + _number(data, at + 3)]
            code = body[3:].decode() if body[1] == _STORE_CODE else code
            paper.codes += [code] if body[1] == _PRINT_CODE else []
            at += 5 + len(body)
        elif (lead, command) == (_GS, b"v"):
            across, down = _number(data, at + 4), _number(data, at + 6)
            rows = [data[at + 8 + across * n : at + 8 + across * (n + 1)] for n in range(down)]
            paper.pictures.append(["".join(f"{eight:08b}" for eight in row) for row in rows])
            at += 8 + across * down
        elif (lead, command) == (_ESC, b"*"):
            deep, wide = 3 if data[at + 2] >= _HIGH else 1, _number(data, at + 3)
            columns = [data[at + 5 + deep * n : at + 5 + deep * (n + 1)] for n in range(wide)]
            paper.pictures.append(["".join(f"{eight:08b}" for eight in column) for column in columns])
            at += 5 + deep * wide
        elif command and command in _STYLES[lead]:
            paper.cuts += (lead, command) == (_GS, b"V")
            at += 3
        else:
            raise ValueError(f"not known here: {data[at : at + 4]!r}")
    return paper


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


@contextmanager
def network_printer(
    *, paper: bytes = PAPER, paper_after: bytes = b"", online: bytes = ONLINE, mute: bool = False
) -> Generator[tuple[str, list[bytes]]]:
    """A printer on the network; gives its address and what it was sent, job by job.

    Args:
        paper, online: what it says of itself; ``paper_after`` once it was sent something to print.
        mute: it never says anything.
    """
    jobs: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        job = b""
        while data := connection.recv(65536):
            left = paper_after if job and paper_after else paper
            for asked, answer in ((_ASK_PAPER, left), (_ASK_ONLINE, online)):
                if asked in data and not mute:
                    connection.sendall(answer)
                data = data.replace(asked, b"")
            job += data
        if job:
            jobs.append(job)

    def serve(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection:
                    talk(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield f"network:127.0.0.1:{server.getsockname()[1]}", jobs
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
