"""A barcode scanner is a keyboard: it types digits and presses enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.widget import Widget
from textual.widgets import Input, TextArea

SHORTEST, LONGEST = 8, 14
"""Digits of a code: GTIN-8 to GTIN-14 (GS1 General Specifications, section 3.3)."""
_ENTER = frozenset({"enter", "ctrl+m", "ctrl+j"})


def after_typing(field: Widget, do: Callable[[], Any]) -> None:
    """Do something when a field has got the keys that were pressed before: a scanner is faster than they travel.

    A key goes to the app, from there to the screen and then to the field, and waits its turn at each.
    """
    field.screen.call_later(field.call_later, do)


class Scanner:
    """Sees digits and then enter in what is typed, wherever that goes.

    Not the speed tells a scanner from a person but the whole: nobody answers a button with a row of digits.
    """

    def __init__(self) -> None:
        self._digits = ""
        self._undo: Callable[[], None] | None = None

    def feed(self, key: events.Key, focused: Widget | None) -> str:
        """One more key; the code where this was its enter, else nothing.

        What the digits did to the field that has the focus is undone then.
        """
        if key.character and key.character.isascii() and key.character.isdigit():
            if not self._digits:
                self._undo = _undo(focused)
            self._digits += key.character
            return ""
        digits, undo = self._digits, self._undo
        self.forget()
        if key.key not in _ENTER or not SHORTEST <= len(digits) <= LONGEST:
            return ""
        if undo is not None:
            undo()
        return digits

    def forget(self) -> None:
        """Begin anew."""
        self._digits, self._undo = "", None


def _undo(focused: Widget | None) -> Callable[[], None] | None:
    match focused:
        case Input():
            line, before = focused, focused.value

            def put_back() -> None:
                after_typing(line, lambda: setattr(line, "value", before))

        case TextArea():
            area, text = focused, focused.text

            def put_back() -> None:
                after_typing(area, lambda: setattr(area, "text", text))

        case _:
            return None
    return put_back
