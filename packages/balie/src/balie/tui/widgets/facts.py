"""Names and values, one under the other."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from balie.tui.text import plain


class Facts(Static):
    """What is known of something; a value that is empty is left out."""

    def __init__(self, facts: Sequence[tuple[str, object]]) -> None:
        super().__init__()
        self.facts = [(label, plain(value)) for label, value in facts if value not in (None, "")]

    def on_mount(self) -> None:
        """The names have a colour of the theme."""
        self.watch(self.app, "theme", self._draw)

    def _draw(self) -> None:
        # A table keeps the second line of a long value under the first.
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style=self.app.theme_variables["secondary"])
        table.add_column()
        for label, value in self.facts:
            table.add_row(Text(label), Text(value))
        self.update(table)
