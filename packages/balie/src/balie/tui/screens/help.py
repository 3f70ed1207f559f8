"""Keys, and what the desk can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from balie.locales import marked
from balie.tui.pages import Page
from balie.tui.screens.base import DeskModal
from balie.tui.text import shown

if TYPE_CHECKING:
    from balie.agent import Tool

_KEYS = (
    ("enter", marked("say what you typed; run a form; open a row")),
    ("↑", marked("to the suggestions; ← → and enter pick one")),
    ("page up, page down", marked("through the conversation")),
    ("tab, shift+tab", marked("to the next or the previous part")),
    (marked("y, n, esc"), marked("answer a question: yes, no, not now")),
    ("ctrl+r", marked("read again what the screen shows")),
    ("ctrl+t", marked("light or dark")),
    ("ctrl+p", marked("all commands")),
    ("ctrl+q", marked("quit")),
)


class HelpScreen(DeskModal[None]):
    """One page to read; escape closes it."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,q", "dismiss", marked("Close"))]

    def __init__(self, pages: Sequence[Page], tools: Sequence[Tool]) -> None:
        super().__init__()
        self.pages = pages
        self.tools = tools

    def compose(self) -> ComposeResult:
        """Screens, keys, tools."""
        words = self.words
        with VerticalScroll(id="help") as box:
            box.border_title = words("Help")
            box.border_subtitle = words("esc closes")
            yield Static(words("Screens"), classes="heading")
            screens = [("f1", words("Help")), *((page.key, words(page.title)) for page in self.pages)]
            yield Static(_table(screens))
            yield Static(words("Keys"), classes="heading")
            yield Static(_table([(words(key), words(what)) for key, what in _KEYS]))
            if self.tools:
                yield Static(words("What you can ask for, in your own words"), classes="heading")
                yield Static(shown("\n".join(f"• {words(tool.description)}" for tool in self.tools)))


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(len(key) for key, _ in rows) + 2
    lines = [Content.assemble((key.ljust(width), "$text-primary"), what) for key, what in rows]
    return Content("\n").join(lines)
