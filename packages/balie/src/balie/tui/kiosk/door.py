"""Where the operator shows that they are the operator."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.widgets import Button, Static

from balie.locales import marked
from balie.tui.kiosk.pin import LONGEST
from balie.tui.screens.base import DeskModal
from balie.tui.text import shown

if TYPE_CHECKING:
    from balie.tui.kiosk.app import KioskApp

_ENTERED, _ERASE = "OK", "⌫"
_KEYS = (*"123456789", _ERASE, "0", _ENTERED)


class PinScreen(DeskModal[None]):
    """A number pad for finger, mouse and keyboard. What is typed shows as dots only."""

    CSS_PATH = "door.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(digit, f"digit('{digit}')", show=False) for digit in "0123456789"),
        Binding("backspace", "erase", show=False),
        Binding("enter", "enter", show=False),
        Binding("escape", "cancel", marked("Back"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pin = ""

    @property
    def kiosk_app(self) -> KioskApp:
        """The app, as what it is."""
        return cast("KioskApp", self.app)

    def compose(self) -> ComposeResult:
        """The dots, the pad, the way back."""
        words = self.words
        with Vertical(id="door"):
            yield Static(words("Operator"), classes="heading")
            yield Static(id="door-dots", markup=False)
            yield Static(id="door-told", markup=False)
            with Grid(id="door-pad"):
                for number, key in enumerate(_KEYS):
                    button = Button(
                        key, id=f"key-{number}", variant="primary" if key == _ENTERED else "default"
                    )
                    button.can_focus = False  # the digits of a keyboard go on working after a touch
                    yield button
            back = Button(shown(words("Back")), id="door-back")
            back.can_focus = False
            yield back

    def on_mount(self) -> None:
        """Nothing is typed yet."""
        self.tick()

    def tick(self) -> None:
        """Say how many digits there are, and for how long nothing is tried."""
        for dots in self.query("#door-dots").results(Static):  # none before it is composed
            dots.update("●" * len(self._pin) or "–")
        if waits := self.kiosk_app.door.waits:
            self._tell(self.words("Too many wrong PINs. Wait {seconds} seconds.", seconds=round(waits) or 1))

    def _tell(self, text: str) -> None:
        for told in self.query("#door-told").results(Static):
            told.update(shown(text))

    def action_digit(self, digit: str) -> None:
        """One more."""
        self._pin = (self._pin + digit)[:LONGEST]
        self._tell("")
        self.tick()

    def action_erase(self) -> None:
        """One less."""
        self._pin = self._pin[:-1]
        self.tick()

    def action_cancel(self) -> None:
        """Back to where the visitor was."""
        self._pin = ""
        self.dismiss()

    def action_enter(self) -> None:
        """Try it."""
        pin, self._pin = self._pin, ""
        self.tick()
        # Not of this screen: the right PIN closes it, and with it whatever it was doing.
        self.kiosk_app.beside(partial(self._try, pin))

    async def _try(self, pin: str) -> None:
        app = self.kiosk_app
        if await app.door.opens(pin):
            await app.enter_operator(self)
            return
        await app.record("kiosk.wrong_pin")
        self._tell(self.words("That is not the PIN."))
        self.tick()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """By touch."""
        event.stop()
        if event.button.id == "door-back":
            self.action_cancel()
            return
        key = _KEYS[int(str(event.button.id).removeprefix("key-"))]
        match key:
            case "OK":
                self.action_enter()
            case "⌫":
                self.action_erase()
            case _:
                self.action_digit(key)
