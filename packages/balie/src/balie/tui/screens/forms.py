"""Every tool as a form: what the desk can do, without a model."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from balie.errors import BadRequest
from balie.locales import marked
from balie.tui.schema import Field, arguments, fields, words_of
from balie.tui.screens.base import DeskScreen
from balie.tui.text import plain, shown
from balie.tui.widgets.bubble import Bubble, Said, Speaker
from balie.tui.widgets.field import CONTROLS, FormField

if TYPE_CHECKING:
    from balie.agent import Tool, Turn

_EFFECTS = {
    "read": marked("This looks something up."),
    "write": marked("This asks you before it changes anything."),
}


class FormsScreen(DeskScreen):
    """Left the tools that this caller may use, right the form of one, below it what came of it."""

    TITLE = marked("Forms")
    AUTO_FOCUS = "#forms-tools"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["forms.tcss", "../widgets/field.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", marked("Run the form")),
        Binding("escape", "tools", marked("Back to the list"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.tool: Tool | None = None

    def body(self) -> ComposeResult:
        """The list and the place for a form."""
        with Horizontal(id="forms"):
            yield OptionList(id="forms-tools")
            with VerticalScroll(id="forms-form", can_focus=False):
                yield Static(self.words("Choose what you want to do."), classes="empty")

    async def load(self) -> None:
        """The tools, once the desk is open."""
        session = await self.desk_app.opened()
        tools = self.query_one(OptionList)
        if tools.option_count:
            return
        self.tool = None
        for tool in session.tools():
            changes = "" if tool.effect == "read" else " ✎"
            label = Content.assemble(plain(self._named(tool)), (changes, "$text-warning"))
            tools.add_option(Option(label, id=tool.name))
        tools.highlighted = 0

    async def choose(self, name: str) -> None:
        """Show the form of a tool."""
        self.tool = next(tool for tool in self.session.tools() if tool.name == name)
        form = self.query_one("#forms-form", VerticalScroll)
        await form.remove_children()
        effect = _EFFECTS.get(self.tool.effect, _EFFECTS["write"])
        # Some texts the desk writes itself, from what the person fills in.
        written = {parameter.name for parameter in self.tool.parameters if parameter.written}
        asked = [field for field in fields(self.tool.schema) if field.path[0] not in written]
        await form.mount_all(
            [
                Static(shown(self._named(self.tool)), classes="heading"),
                Static(shown(f"{self.words(self.tool.description)} {self.words(effect)}"), id="forms-about"),
                *(FormField(field) for field in asked),
                Button(f"{self.words('Run')}  (ctrl+s)", id="forms-run", variant="primary"),
            ]
        )
        form.scroll_home(animate=False)

    def _named(self, tool: Tool) -> str:
        return self.words(words_of(tool.name))

    def filled(self) -> dict[str, Any]:
        """The arguments, as filled in; the first field that is not right gets the cursor.

        Raises:
            BadRequest: a field is needed and empty, or can't be read.
        """
        values: list[tuple[Field, Any]] = []
        for each in self.query(FormField):
            each.mark(False)
            try:
                values.append((each.field, each.value()))
            except BadRequest:
                each.mark(True)
                raise
        return arguments(values)

    def action_submit(self) -> None:
        """Run it."""
        if self.tool is None:
            self.notify(self.words("Choose a form first."), severity="warning", markup=False)
            return
        self.attempt(partial(self._run, self.tool))

    async def _run(self, tool: Tool) -> None:
        given = self.filled()
        turn = await self.session.run(tool.name, given)
        await self._show(turn)
        named = ((self.words(words_of(name)), value) for name, value in given.items())
        said = ", ".join(f"{name.lower()} {value}" for name, value in named)
        name = self._named(tool)
        conversation = self.desk_app.conversation
        await conversation.log_view.add(Said(Speaker.PERSON, f"{name}: {said}" if said else name))
        await conversation.show(turn, then=self._show)

    async def _show(self, turn: Turn) -> None:
        """What came of it, under the form."""
        form = self.query_one("#forms-form", VerticalScroll)
        await form.query(Bubble).remove()
        bubble = Bubble(Said(Speaker.DESK, turn.reply, turn.status))
        await form.mount(bubble)
        self.call_after_refresh(bubble.scroll_visible, animate=False)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click: into the form."""
        event.stop()
        self.query(f"{CONTROLS}, #forms-run").first().focus()

    async def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Moving through the list shows the forms."""
        event.stop()
        if event.option_id and (self.tool is None or self.tool.name != event.option_id):
            await self.choose(event.option_id)

    def action_tools(self) -> None:
        """Back to the list."""
        self.query_one(OptionList).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Run it."""
        event.stop()
        self.action_submit()

    def on_input_submitted(self) -> None:
        """Enter in a field runs the form."""
        self.action_submit()
