"""Something that happened, or was said, at some time."""

from textual.content import Content
from textual.widgets import Static

from balie.tui.text import plain


class Entry(Static):
    """When, who, what, and the words if there were any. ``tone``: staff, hidden, good."""

    def __init__(self, when: str, who: str, what: str = "", text: str = "", *, tone: str = "") -> None:
        head = Content.assemble(
            (plain(when), "$secondary"),
            "  ",
            (plain(who), "bold"),
            (f"  {plain(what)}" if what else "", "$secondary"),
        )
        body = plain(text).strip()
        super().__init__(Content("\n").join([head, Content(body)]) if body else head)
        self.set_class(bool(tone), f"-{tone or 'plain'}")
