"""One thing said."""

from dataclasses import dataclass
from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from balie.locales import marked
from balie.tui.text import plain, shown, wording


class Speaker(StrEnum):
    """Who said it. A notice is of the screen itself."""

    PERSON = "person"
    DESK = "desk"
    COLLEAGUE = "colleague"
    NOTICE = "notice"


# What a turn's status is called on the screen, and the colour that repeats it. A plain answer needs no word.
_STATUS = {
    "needs_input": (marked("? a question for you"), "$text-warning"),
    "needs_confirmation": (marked("! waits for your yes"), "$text-warning"),
    "done": (marked("✓ done"), "$text-success"),
    "handed_off": (marked("→ with a colleague"), "$text-accent"),
    "refused": (marked("✕ not possible"), "$text-error"),
    "degraded": (marked("◐ limited"), "$text-warning"),
    "failed": (marked("✕ failed"), "$text-error"),
}


@dataclass(frozen=True)
class Said:
    """A line of the conversation: who, what, how the turn ended, and under which name."""

    speaker: Speaker
    text: str
    status: str = ""
    name: str = ""


class Bubble(Container):
    """A person's words to the right, everybody else's to the left, coloured by status."""

    def __init__(self, said: Said, *, waiting: bool = False, classes: str = "") -> None:
        super().__init__(classes=f"-{said.speaker} {classes}")
        self.said = said
        if said.status:
            self.add_class(f"-{said.status.replace('_', '-')}")
        self.set_class(waiting, "-waiting")

    def compose(self) -> ComposeResult:
        """The name and the status over the words."""
        said = self.said
        word, colour = _STATUS.get(said.status, ("", ""))
        word = wording(self)(word)
        head = [(part, style) for part, style in ((plain(said.name), "$secondary"), (word, colour)) if part]
        lines = [Content("  ").join(Content.styled(*part) for part in head)] if head else []
        yield Static(Content("\n").join([*lines, shown(said.text)]), classes="said")

    def arrived(self) -> None:
        """The desk has it now."""
        self.remove_class("-waiting")
