"""One field of a form."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Select, Static, TextArea

from balie.tui.schema import Field, Kind, value_of, words_of
from balie.tui.text import plain, shown, wording

CONTROLS = "FormField Input, FormField TextArea, FormField Select, FormField Checkbox"
"""What can be filled in, as a selector."""


class FormField(Vertical):
    """A label, something to fill in, and what it is for."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    def compose(self) -> ComposeResult:
        """By kind."""
        field, words = self.field, wording(self)
        needed = ("" if field.required else f"  {words('optional')}", "$secondary")
        yield Static(Content.assemble((plain(words(field.label)), "bold"), needed), classes="field-label")
        yield self._control()
        if field.description:
            yield Static(shown(words(field.description)), classes="field-help")

    def _control(self) -> Widget:
        field, words = self.field, wording(self)
        default = "" if field.default is None else str(field.default)
        match field.kind:
            case Kind.CHOICE:
                options = [(shown(words(words_of(choice))), choice) for choice in field.choices]
                if default in field.choices:
                    return Select[str](options, value=default, allow_blank=not field.required)
                return Select[str](options, prompt=words("Choose"), allow_blank=True)
            case Kind.YES_NO:
                return Checkbox(shown(words(field.label)), value=bool(field.default))
            case Kind.LONG_TEXT:
                return TextArea(default, tab_behavior="focus")
            case _:
                example = words("such as {example}", example=field.example) if field.example else ""
                return Input(default, placeholder=words(field.hint) if field.hint else example)

    def value(self) -> Any:
        """What was filled in, as the schema wants it.

        Raises:
            BadRequest: it is needed and empty, or can't be read.
        """
        return value_of(self.field, self._filled(), wording(self))

    def _filled(self) -> str | bool | None:
        for control in self.query(Checkbox):
            return control.value
        for choice in self.query(Select):
            return None if choice.is_blank() else str(choice.value)
        for area in self.query(TextArea):
            return area.text
        return self.query_one(Input).value

    def mark(self, wrong: bool) -> None:
        """Whether this is the field that is not right yet."""
        self.set_class(wrong, "-wrong")
        if wrong:
            self.query("Input, TextArea, Select, Checkbox").first().focus()
