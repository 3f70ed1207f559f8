"""The operator's page: is everything well, what is it used for, and the one way out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Static

from balie.errors import BalieError
from balie.locales import marked
from balie.tui.screens.base import DeskModal, Task
from balie.tui.text import shown
from balie.tui.widgets.facts import Facts
from balie.tui.words import words as error_words

if TYPE_CHECKING:
    from balie.tui.kiosk.app import KioskApp

DAYS = 14
"""Of use that are shown."""
_DONE = {
    "restart": marked("The model is being loaded anew."),
    "print": marked("A test page is on its way to the printer."),
}


class OperatorScreen(DeskModal[None]):
    """Health, data, use; restart the model, print a page, leave. Who rests here is sent away as a visitor is."""

    CSS_PATH = ["operator.tcss", "../widgets/facts.tcss"]  # noqa: RUF012  Textual declares it so
    AUTO_FOCUS = "#operator-back"

    def __init__(self) -> None:
        super().__init__()
        self._filling = asyncio.Lock()

    @property
    def kiosk_app(self) -> KioskApp:
        """The app, as what it is."""
        return cast("KioskApp", self.app)

    def compose(self) -> ComposeResult:
        """What is known, and what can be done."""
        words, session = self.words, self.kiosk_app.session
        name = self.kiosk_app.settings.name
        yield Static(shown(f"{words('Operator')} · {name}"), id="operator-title")
        yield VerticalScroll(id="operator-facts", can_focus=True)
        yield Static(id="operator-told", markup=False)
        with Horizontal(id="operator-answers"):
            yield Button(shown(words("Back to the kiosk")), id="operator-back", variant="primary")
            yield Button(shown(words("Restart the model")), id="operator-restart")
            if session is not None and session.vertical is not None and session.vertical.test_print_at:
                yield Button(shown(words("Test print")), id="operator-print")
            yield Button(shown(words("Leave kiosk mode")), id="operator-leave")

    def on_mount(self) -> None:
        """Follow the desk's health."""
        self.watch(self.kiosk_app, "health", self._reload)

    def _reload(self) -> None:
        self.beside(self.load)

    async def load(self) -> None:
        """Read it all."""
        app, words = self.kiosk_app, self.words
        health = app.health
        reached = {None: "", True: words("in order"), False: words("out of reach")}
        facts: list[tuple[str, object]] = [
            (words("Desk"), f"{words(health.desk.value)} {health.why}".strip()),
            (words("Model"), app.session.desk.models.name if app.session else ""),
            (words("Database"), reached[health.database]),
            (words("Visits still to be wiped"), words.number(app.to_be_wiped)),
        ]
        pane = self.query_one("#operator-facts", VerticalScroll)
        parts: list[Widget] = [Facts(facts)]
        for title, read in ((words("Data"), self._data), (words("Use, by day"), self._use)):
            try:
                told = await read()
            except BalieError as error:
                told = [(title, error_words(error, words))]
            if told:
                parts += [Static(shown(title), classes="heading"), Facts(told)]
        async with self._filling:
            await pane.remove_children()
            await pane.mount_all(parts)

    async def _data(self) -> list[tuple[str, object]]:
        session, words = self.kiosk_app.session, self.words
        if session is None:
            return []
        lines = await session.lines("operator_at")
        return [(words(label), words.value(value, session.desk.timezone)) for label, value in lines]

    async def _use(self) -> list[tuple[str, object]]:
        from balie.db import usage

        session, words = self.kiosk_app.session, self.words
        if session is None:
            return []
        async with session.read() as database:
            days = await usage.by_day(database, session.now().date() - timedelta(days=DAYS))
        return [
            (
                words.day(day),
                f"{words.number(sum(counts.values()))}  "
                f"({', '.join(f'{language} {words.number(times)}' for language, times in counts.items())})",
            )
            for day, counts in days
        ]

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it, and keep a record of it."""
        event.stop()
        match event.button.id:
            case "operator-back":
                self.kiosk_app.end_visit()
            case "operator-restart":
                self._do("restart", self._restart)
            case "operator-print":
                self._do("print", self._print)
            case "operator-leave":
                self.beside(self.kiosk_app.leave)

    def _do(self, what: str, work: Task) -> None:
        self.beside(partial(self._done, what, work))

    async def _done(self, what: str, work: Task) -> None:
        told = self.query_one("#operator-told", Static)
        told.update("…")
        try:
            await work()
        except Exception as error:
            told.update(shown(error_words(error, self.words)))
        else:
            told.update(shown(self.words(_DONE[what])))
        await self.kiosk_app.record(f"kiosk.{what}")

    async def _restart(self) -> None:
        if (session := self.kiosk_app.session) is not None:
            await session.restart_models()
            self.kiosk_app.look()

    async def _print(self) -> None:
        session = self.kiosk_app.session
        if session is not None and session.vertical is not None and (work := session.vertical.test_print):
            await asyncio.to_thread(work, session.desk.settings)
