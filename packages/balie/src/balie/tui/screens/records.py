"""A list, and beside it what is known of the row under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import DataTable, Input, Static

from balie.locales import marked
from balie.tui.screens.base import DeskScreen
from balie.tui.text import plain, shown

_TYPING = 0.2
"""Seconds without a key before a search begins."""
_PADDING = 2
_HERE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Column:
    """A column; the one without a width takes what the others leave."""

    label: str
    width: int | None = None


@dataclass(frozen=True)
class Row:
    """A row: what it is known by, and its cells."""

    key: str
    cells: tuple[Text, ...]


class RecordsList(Vertical):
    """The left part; says when it gets another size."""

    class Resized(Message):
        """It has another size."""

    def on_resize(self) -> None:
        """Tell the screen."""
        self.post_message(self.Resized())


class RecordsScreen(DeskScreen):
    """A table to move through and search, and the details of the current row.

    A subclass has its ``COLUMNS``, reads :meth:`rows` and :meth:`detail`, and adds keys for what can be done
    with the current row, whose key is :attr:`current`. ``SEARCH`` is what the search line offers; empty
    for no such line. ``EMPTY`` is said where there is no row.
    """

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    SEARCH: ClassVar[str] = marked("Search")
    EMPTY: ClassVar[str] = marked("There is nothing here.")
    AUTO_FOCUS = "DataTable"
    # Absolute: Textual would look beside the subclass.
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        _HERE / "screens/records.tcss",
        _HERE / "widgets/facts.tcss",
        _HERE / "widgets/entry.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", marked("Find"), key_display="/"),
        Binding("escape", "leave_search", marked("Back"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.current: str | None = None
        self._loading = asyncio.Lock()
        self._rows: Sequence[Row] = ()
        self._asked = 0
        self._typing: Timer | None = None

    def body(self) -> ComposeResult:
        """Search line and table, details."""
        with Container(classes="records"):
            with RecordsList():
                if self.SEARCH:
                    hint = "" if self.desk_app.kiosk is not None else "  (/)"
                    yield Input(placeholder=f"{self.words(self.SEARCH)}{hint}", classes="records-search")
                yield DataTable[Text](cursor_type="row", zebra_stripes=False, cell_padding=1)
                yield Static(self.words(self.EMPTY), classes="empty", markup=False)
            yield VerticalScroll(classes="records-detail")

    def on_mount(self) -> None:
        """The colours in the cells are those of the theme."""
        self.query_one(".empty").display = False
        self.watch(self.app, "theme", self.action_reload, init=False)

    async def rows(self, search: str) -> Sequence[Row]:
        """What to list; ``search`` is what was typed, empty for everything."""
        raise NotImplementedError

    async def detail(self, key: str) -> Sequence[Widget]:
        """What is known of a row."""
        raise NotImplementedError

    def cell(self, text: object, tone: str = "") -> Text:
        """Text for a cell, never markup; ``tone`` is a colour of the theme: error, warning, success."""
        colour = self.app.theme_variables.get(f"text-{tone}", "") if tone else ""
        return Text(plain(text), style=colour, no_wrap=True, overflow="ellipsis")

    @property
    def row_height(self) -> int:
        """Lines of a row: at a kiosk it is touched."""
        return 2 if self.desk_app.kiosk is not None else 1

    @property
    def table(self) -> DataTable[Text]:
        """The list."""
        return self.query_one(DataTable)

    async def load(self) -> None:
        """Read the rows again, and stay on the row that was current."""
        self._asked += 1
        mine = self._asked
        async with self._loading:
            if mine != self._asked:
                return  # somebody asked again meanwhile
            search = self.query_one(Input).value.strip() if self.SEARCH else ""
            self._rows = await self.rows(search)
        self._fill()
        await self._show()

    def _fill(self) -> None:
        """The rows into the table; the cursor stays on its row, or near where that was."""
        table, rows = self.table, self._rows
        keep, place = self.current, table.cursor_row
        table.clear(columns=True)
        for column, width in zip(self.COLUMNS, self._widths(), strict=True):
            table.add_column(self.words(column.label), width=width)
        for row in rows:
            table.add_row(*row.cells, key=row.key, height=self.row_height)
        keys = [row.key for row in rows]
        self.query_one(".empty").display = not keys
        table.set_class(not keys, "-none")  # it stays, so that its keys still work
        self.current = keep if keep in keys else keys[min(place, len(keys) - 1)] if keys else None
        if self.current is not None:
            table.move_cursor(row=keys.index(self.current), animate=False)

    async def _show(self) -> None:
        """The details of the current row."""
        key = self.current
        async with self._loading:
            if key != self.current:
                return  # the cursor has moved on
            widgets = await self.detail(key) if key is not None else ()
            pane = self.query_one(".records-detail", VerticalScroll)
            with self.app.batch_update():
                await pane.remove_children()
                await pane.mount_all(widgets)
                pane.scroll_home(animate=False)

    def _widths(self) -> list[int]:
        taken = sum((column.width or 0) + _PADDING for column in self.COLUMNS)
        left = (
            self.query_one(RecordsList).content_size.width - taken - self.table.styles.scrollbar_size_vertical
        )
        return [max(8, left) if column.width is None else column.width for column in self.COLUMNS]

    def on_records_list_resized(self, event: RecordsList.Resized) -> None:
        """Another width for the columns."""
        event.stop()
        if [column.width for column in self.table.ordered_columns] != self._widths():
            self._fill()

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """The cursor moved."""
        event.stop()
        # Whatever its type says, there is no key where the rows were gone when the cursor moved.
        key = getattr(event.row_key, "value", None)
        stale = event.cursor_row != self.table.cursor_row  # filling the table moves the cursor as well
        if key is not None and key != self.current and not stale:
            self.current = key
            self.attempt(self._show)

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter: into the details, to read on."""
        event.stop()
        self.query_one(".records-detail").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search once the typing pauses."""
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(_TYPING, self.action_reload)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search now, and go on in what was found."""
        event.stop()
        if self._typing is not None:
            self._typing.stop()
        self.attempt(partial(self._found))

    async def _found(self) -> None:
        await self.load()
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a search line there is no key for it."""
        return bool(self.SEARCH) if action == "search" else super().check_action(action, parameters)

    def action_search(self) -> None:
        """To the search line."""
        self.query_one(Input).focus()

    def action_leave_search(self) -> None:
        """Back to the list; a search that is on ends."""
        if self.SEARCH and self.query_one(Input).has_focus and self.query_one(Input).value:
            self.query_one(Input).clear()
        self.table.focus()


def heading(text: object) -> Static:
    """A line above what belongs to it."""
    return Static(shown(text), classes="heading")


def paragraph(text: object) -> Static:
    """Some sentences."""
    return Static(shown(text), classes="paragraph")
