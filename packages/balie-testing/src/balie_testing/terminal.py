"""A pseudo-terminal with somebody at the keys."""

import os

from balie.cli._terminal import Terminal

PATIENCE = 60.0


class TypedTerminal(Terminal):
    """What runs in it can be waited for and typed at."""

    def until(self, text: str, seconds: float = PATIENCE) -> None:
        """Read until the text has been drawn."""
        super().until(text, seconds)

    def press(self, keys: bytes) -> None:
        """Send keys as a keyboard does; what was drawn before them is forgotten."""
        self.shown = b""
        os.write(self.file, keys)

    def end(self) -> int:
        """Wait for the end; gives the exit code."""
        while self.read(PATIENCE):
            pass
        return self.process.wait(PATIENCE)
