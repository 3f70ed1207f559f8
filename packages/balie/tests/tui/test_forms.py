"""Every tool as a form, made from its schema."""

from enum import Enum
from typing import Annotated

import msgspec
import pytest
from balie.errors import BadRequest
from balie.tui.schema import Kind, arguments, fields, value_of
from balie.tui.screens.confirm import ConfirmScreen
from balie.tui.widgets.bubble import Bubble
from balie.tui.widgets.field import CONTROLS, FormField
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from balie_testing.screens import settled
from textual.widgets import Checkbox, Input, OptionList, Select, TextArea

anyio = pytest.mark.anyio


class Size(Enum):
    SMALL = "small"
    VERY_LARGE = "very_large"


class Address(msgspec.Struct):
    street: str
    number: int | None = None


class Everything(msgspec.Struct):
    name: Annotated[str, msgspec.Meta(description="who it is for")]
    count: Annotated[int, msgspec.Meta(ge=1)]
    address: Address
    size: Size = Size.SMALL
    price: float | None = None
    gift: bool = False
    day: Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})] = ""
    words: list[str] = []
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


def schema_of(kind):
    schema = msgspec.json.schema(kind)
    return {**schema["$defs"][kind.__name__], "$defs": schema["$defs"]}


FIELDS = {field.path: field for field in fields(schema_of(Everything))}


@pytest.mark.parametrize(
    ("path", "kind", "required"),
    [
        (("name",), Kind.TEXT, True),
        (("count",), Kind.INTEGER, True),
        (("address", "street"), Kind.TEXT, True),
        (("address", "number"), Kind.INTEGER, False),
        (("size",), Kind.CHOICE, False),
        (("price",), Kind.NUMBER, False),
        (("gift",), Kind.YES_NO, False),
        (("day",), Kind.TEXT, False),
        (("words",), Kind.LIST, False),
        (("note",), Kind.LONG_TEXT, False),
    ],
)
def test_a_schema_becomes_fields(path, kind, required):
    assert (FIELDS[path].kind, FIELDS[path].required) == (kind, required)


def test_what_is_required_comes_first():
    needed = [field.required for field in fields(schema_of(Everything))]
    assert needed == sorted(needed, reverse=True)


def test_a_field_says_what_it_is_for_and_how_it_is_written():
    assert FIELDS["name",].description == "Who it is for"
    assert FIELDS["day",].hint == "YYYY-MM-DD"
    assert FIELDS["size",].choices == ("small", "very_large")
    assert FIELDS["address", "street"].label == "Address · Street"


def test_what_is_filled_in_becomes_the_arguments_that_the_tool_takes():
    filled = {
        ("name",): " Marit ",
        ("count",): "2",
        ("address", "street"): "Duinpad",
        ("address", "number"): "18",
        ("size",): "very_large",
        ("price",): "9.5",
        ("gift",): True,
        ("words",): "warm, red",
        ("note",): "",
    }
    given = arguments((FIELDS[path], value_of(FIELDS[path], text)) for path, text in filled.items())
    decoded = msgspec.convert(given, Everything)
    assert decoded == Everything(
        "Marit", 2, Address("Duinpad", 18), Size.VERY_LARGE, 9.5, True, words=["warm", "red"]
    )


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [(("name",), "  ", "Name is needed."), (("count",), "two", "Count is a number.")],
)
def test_what_is_not_right_is_told(path, text, told):
    with pytest.raises(BadRequest, match=told):
        value_of(FIELDS[path], text)


def fill(widget):
    """Something that fits, and what it comes to."""
    match widget.query(f"{CONTROLS}").first():
        case Select() as select:
            select.value = "very_large"
            return "very_large"
        case TextArea() as area:
            area.text = "a word"
            return "a word"
        case Checkbox() as box:
            box.value = True
            return True
        case Input() as line:
            line.value = "7"
            return {Kind.INTEGER: 7, Kind.NUMBER: 7.0, Kind.LIST: ["7"]}.get(widget.field.kind, "7")


@anyio
async def test_every_kind_can_be_filled_in(library):
    app = library()
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("f3")
        await settled(pilot)
        form = app.screen.query_one("#forms-form")
        widgets = [FormField(field) for field in FIELDS.values()]
        await form.mount_all(widgets)
        expected = [fill(widget) for widget in widgets]
        assert [widget.value() for widget in widgets] == expected


async def open_form(pilot, place):
    await settled(pilot)
    await pilot.press("f3")
    await settled(pilot)
    await pilot.press(*["down"] * place)
    await settled(pilot)
    await pilot.press("enter")


def outcome(app):
    return app.screen.query("#forms-form Bubble").last(Bubble).said


@anyio
async def test_a_form_that_reads_answers_below_itself_and_in_the_conversation(library):
    app = library()
    async with app.run_test() as pilot:
        await open_form(pilot, 0)
        await pilot.press(*"B-103", "enter")
        await settled(pilot)
        assert outcome(app).text == "Dracula (B-103) has 1 copy on the shelf."
        assert [line.text for line in app.conversation.log_view.said][-2:] == [
            "Find book: book B-103",
            "Dracula (B-103) has 1 copy on the shelf.",
        ]


@anyio
async def test_a_form_that_writes_asks_first(library):
    app = library()
    async with app.run_test() as pilot:
        await open_form(pilot, 1)
        await pilot.press(*"B-103", "ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("y")
        await settled(pilot)
        assert outcome(app).status == "done"


@anyio
async def test_forms_work_without_models(library):
    app = library(models=FakeModels(VERTICAL.team.commands, why="the file is gone"))
    async with app.run_test() as pilot:
        await open_form(pilot, 0)
        await pilot.press(*"B-103", "enter")
        await settled(pilot)
        assert outcome(app).status == "answered"


@anyio
async def test_an_empty_field_that_is_needed_gets_the_cursor(library):
    app = library()
    async with app.run_test() as pilot:
        await open_form(pilot, 0)
        await pilot.press("ctrl+s")
        await settled(pilot)
        (field,) = app.screen.query(FormField)
        assert field.has_class("-wrong")
        assert isinstance(app.focused, Input)
        assert [notice.message for notice in app._notifications] == ["Book is needed."]
        await pilot.press("escape")
        assert isinstance(app.focused, OptionList)
