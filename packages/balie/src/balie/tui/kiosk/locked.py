"""An app that only its operator and the system end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from textual.binding import BindingType

from balie.tui.app import DeskApp
from balie.tui.kiosk import terminal

_MAY = frozenset({"focus_next", "focus_previous", "operator"})
"""Every action of the app that a key may ask for."""


class LockedApp(DeskApp, inherit_bindings=False):
    """No key of Textual's or the desk's leads out of it, and no call but where ``may_leave`` is set."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = []

    may_leave = False

    def on_mount(self) -> None:
        """Nothing that a keyboard sends to the terminal ends it either."""
        if not self.is_headless:
            terminal.hold()
            terminal.listen(self._terminated)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No action of the app's but these, whoever asks."""
        return action in _MAY

    def exit(self, result: None = None, return_code: int = 0, message: Any | None = None) -> None:
        """End, where the operator or the system wants it; nothing else does."""
        if self.may_leave:
            super().exit(result, return_code, message)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """There is nothing behind a kiosk to go to."""
        yield

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """No browser."""

    def copy_to_clipboard(self, text: str) -> None:
        """Nobody finds there what the last visitor left."""

    def _terminated(self) -> None:
        self.may_leave = True
        self.exit()
