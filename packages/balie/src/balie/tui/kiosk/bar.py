"""What stands above every screen of a kiosk: where one is, what one can set, and the way to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from balie.tui.pages import Page
from balie.tui.text import shown, wording

if TYPE_CHECKING:
    from balie.tui.kiosk.app import KioskApp

_OWN_NAMES = {"en": "English", "nl": "Nederlands"}


def own_name(language: str) -> str:
    """A language, as those who speak it call it."""
    return _OWN_NAMES.get(language, language.upper())


def _set(label: str, on: bool) -> str:
    return f"✓ {label}" if on else label


class Corner(Static):
    """The operator's door: nothing to see, in the upper left."""

    def on_click(self, event: events.Click) -> None:
        """Knock."""
        event.stop()
        cast("KioskApp", self.app).action_operator()


class PlaceButton(Button):
    """To one of the screens."""

    def __init__(self, page: Page, title: str, *, current: bool) -> None:
        super().__init__(shown(title), id=f"to-{page.mode}", classes="-current" if current else "")
        self.page = page


class KioskBar(Vertical):
    """Title and time, language, text, contrast, the end; below, the screens where there are several."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self.current = current

    def compose(self) -> ComposeResult:
        """One row, or two."""
        app, words = cast("KioskApp", self.app), wording(self)
        with Horizontal(id="kiosk-bar"):
            yield Corner(id="kiosk-corner")
            yield Static(id="kiosk-title")
            if app.next_language:
                yield Button(id="language")
            yield Button(id="large")
            yield Button(id="contrast")
            yield Button(id="done", variant="primary")
        if len(app.pages) > 1:
            with Horizontal(id="kiosk-places"):
                for page in app.pages:
                    yield PlaceButton(page, words(page.title), current=page.mode == self.current)

    def on_mount(self) -> None:
        """Say where and when."""
        self.tell()

    def tell(self) -> None:
        """Everything, as it is now; whatever has the focus keeps it."""
        app, words = cast("KioskApp", self.app), wording(self)
        labels = {
            "language": own_name(app.next_language),
            "large": _set(words("Large text"), app.large),
            "contrast": _set(words("Contrast"), app.contrast),
            "done": words("I'm done"),
        }
        for button in self.query(Button):
            if isinstance(button, PlaceButton):
                button.label = shown(words(button.page.title))
            elif button.id in labels:
                button.label = shown(labels[button.id])
        self.query("#large").set_class(app.large, "-on")
        self.query("#contrast").set_class(app.contrast, "-on")
        self.tick()

    def tick(self) -> None:
        """The title and the time."""
        app = cast("KioskApp", self.app)
        lines = [wording(self)(app.title), app.time_told]
        for title in self.query("#kiosk-title").results(Static):  # none while it is composed anew
            title.update(shown("\n".join(line for line in lines if line)))

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what was touched."""
        event.stop()
        app = cast("KioskApp", self.app)
        match event.button.id:
            case "language":
                app.language = app.next_language
            case "large":
                app.large = not app.large
            case "contrast":
                app.contrast = not app.contrast
            case "done":
                app.end_visit()
            case _ if isinstance(event.button, PlaceButton):
                await app.switch_mode(event.button.page.mode)
