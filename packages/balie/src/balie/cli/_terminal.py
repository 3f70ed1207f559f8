"""A pseudo-terminal in which a command runs, as it would in a window. Not on Windows, which has none of the kind."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Self

from balie.errors import BalieError

_AT_ONCE = 65536
_LAST = 500


def _take_terminal() -> None:
    # As a login does: whose terminal is closed is told so.
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """It is open until :meth:`close`, which kills what still runs in it.

    Attributes:
        shown: what was drawn, as it came.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 120,
        lines: int = 40,
    ) -> None:
        self.file, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        try:
            self.process = subprocess.Popen(  # noqa: S603  ours
                command,
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                env={
                    **environment,
                    "TERM": "xterm-256color",
                    "COLUMNS": str(columns),
                    "LINES": str(lines),
                },
                start_new_session=True,
                preexec_fn=_take_terminal,
            )
        finally:
            os.close(theirs)
        self.shown = b""

    def until(self, text: str, seconds: float) -> None:
        """Read until the text has been drawn.

        Raises:
            BalieError: it did not come in time, or the command ended.
        """
        end = monotonic() + seconds
        while text.encode() not in self.shown:
            # A cursor that blinks is drawn for ever.
            if not self.read(end - monotonic()):
                raise BalieError(f"{text!r} was not drawn; the last that was: {self.shown[-_LAST:]!r}")

    def read(self, seconds: float) -> bool:
        """Read what is drawn next; False where nothing was within that time, or the command has ended."""
        ready, _, _ = select.select([self.file], [], [], max(0.0, seconds))
        try:
            drawn = os.read(self.file, _AT_ONCE) if ready else b""
        except OSError:  # Linux says so when the other side is closed
            drawn = b""
        self.shown += drawn
        return bool(drawn)

    def close(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()
        os.close(self.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
