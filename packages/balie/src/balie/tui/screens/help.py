"""Keys, and what the desk can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from balie.tui.pages import Page
from balie.tui.text import shown

if TYPE_CHECKING:
    from balie.agent import Tool

_KEYS = (
    ("enter", "say what you typed; run a form; open a row"),
    ("↑", "to the suggestions; ← → and enter pick one"),
    ("page up, page down", "through the conversation"),
    ("tab, shift+tab", "to the next or the previous part"),
    ("y, n, esc", "answer a question: yes, no, not now"),
    ("ctrl+r", "read again what the screen shows"),
    ("ctrl+t", "light or dark"),
    ("ctrl+p", "all commands"),
    ("ctrl+q", "quit"),
)


class HelpScreen(ModalScreen[None]):
    """One page to read; escape closes it."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,q", "dismiss", "Close")]

    def __init__(self, pages: Sequence[Page], tools: Sequence[Tool]) -> None:
        super().__init__()
        self.pages = pages
        self.tools = tools

    def compose(self) -> ComposeResult:
        """Screens, keys, tools."""
        with VerticalScroll(id="help") as box:
            box.border_title = "Help"
            box.border_subtitle = "esc closes"
            yield Static("Screens", classes="heading")
            yield Static(_table([("f1", "Help"), *((page.key, page.title) for page in self.pages)]))
            yield Static("Keys", classes="heading")
            yield Static(_table(_KEYS))
            if self.tools:
                yield Static("What you can ask for, in your own words", classes="heading")
                yield Static(shown("\n".join(f"• {tool.description}" for tool in self.tools)))


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max(len(key) for key, _ in rows) + 2
    lines = [Content.assemble((key.ljust(width), "$text-primary"), what) for key, what in rows]
    return Content("\n").join(lines)
