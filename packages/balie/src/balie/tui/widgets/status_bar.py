"""How the desk is doing, in one line."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from balie.tui.health import Desk, Health
from balie.tui.text import plain, wording

_COLOURS = {
    Desk.OPENING: "$secondary",
    Desk.WARMING_UP: "$text-warning",
    Desk.READY: "$text-success",
    Desk.DEGRADED: "$text-warning",
    Desk.CLOSED: "$text-error",
}


class StatusBar(Horizontal):
    """The models, the database, and how long the last turn took."""

    def compose(self) -> ComposeResult:
        """Left what is, right what was."""
        yield Static(id="status-desk")
        yield Static(id="status-last")

    def show(self, health: Health) -> None:
        """Say it; colours only repeat what the words say."""
        words = wording(self)
        state = Content(plain(words(health.desk.value)))
        parts: list[Content | tuple[str, str]] = [("● ", _COLOURS[health.desk]), state]
        if health.why and health.desk is not Desk.READY:
            parts.append((f" ({plain(health.why)})", "$secondary"))
        if health.database is not None:
            good = health.database
            parts += [("   ● ", "$text-success" if good else "$text-error")]
            parts += [Content(words("database") if good else words("database out of reach"))]
        if health.busy:
            parts.append((f"   {words('working…')}", "$text-accent"))
        self.query_one("#status-desk", Static).update(Content.assemble(*parts))
        took = health.milliseconds
        last = "" if took is None else words("last answer {milliseconds} ms", milliseconds=f"{took:.0f}")
        model = health.model if health.desk is Desk.READY else ""
        told = " · ".join(part for part in (last, plain(model)) if part)
        self.query_one("#status-last", Static).update(Content(told))
