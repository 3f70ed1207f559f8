"""From a tool's JSON schema to the fields of a form, and from what was filled in to its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from balie.errors import BadRequest
from balie.locales import ENGLISH, Words, marked

_WRITTEN_SO = {
    "date": marked("YYYY-MM-DD"),
    "date-time": marked("YYYY-MM-DD HH:MM"),
    "time": marked("HH:MM"),
    "email": marked("name@example.org"),
}


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes or no"
    LIST = "list"


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes:
        path: the names that lead to it: one, or two and more within an object.
        hint: how it is written. example: one that would do.
    """

    path: tuple[str, ...]
    label: str
    kind: Kind
    required: bool
    description: str = ""
    hint: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    default: Any = None


def words_of(name: str) -> str:
    """A name as people read it.

    >>> words_of("cancel_order")
    'Cancel order'
    """
    return name.replace("_", " ").replace("-", " ").capitalize()


def fields(schema: Mapping[str, Any]) -> list[Field]:
    """The fields for an object's schema, nested objects flattened, what is required first."""
    found = list(_of_object(schema, schema.get("$defs", {}), (), required=True))
    return sorted(found, key=lambda field: not field.required)


def _of_object(
    schema: Mapping[str, Any], named: Mapping[str, Any], path: tuple[str, ...], *, required: bool
) -> Iterator[Field]:
    needed = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        inner = _resolved(part, named)
        here = (*path, name)
        is_needed = required and name in needed
        if inner.get("type") == "object" and "properties" in inner:
            yield from _of_object(inner, named, here, required=is_needed)
        else:
            yield _field(here, inner, is_needed)


def _resolved(part: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """The schema itself: references followed, and of "this or nothing" the this."""
    own = {key: value for key, value in part.items() if key not in {"$ref", "anyOf", "allOf"}}
    if "$ref" in part:
        return {**_resolved(named[str(part["$ref"]).rsplit("/", 1)[-1]], named), **own}
    alternatives = [each for each in part.get("anyOf", ()) if each.get("type") != "null"]
    for each in (*alternatives[:1], *part.get("allOf", ())):
        own = {**_resolved(each, named), **own}
    return own


def _field(path: tuple[str, ...], schema: Mapping[str, Any], required: bool) -> Field:
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    match schema.get("type"):
        case _ if choices:
            kind = Kind.CHOICE
        case "boolean":
            kind = Kind.YES_NO
        case "integer":
            kind = Kind.INTEGER
        case "number":
            kind = Kind.NUMBER
        case "array":
            kind = Kind.LIST
        case _:
            kind = Kind.LONG_TEXT if schema.get("maxLength", 0) > 200 else Kind.TEXT
    examples = schema.get("examples") or ()
    hint = _WRITTEN_SO.get(schema.get("format", ""), "")
    if not hint and kind is Kind.LIST:
        hint = marked("separated by commas")
    return Field(
        path=path,
        label=" · ".join(words_of(name) for name in path),
        kind=kind,
        required=required,
        description=_sentence(str(schema.get("description", ""))),
        hint=hint,
        example=str(examples[0]) if examples else "",
        choices=tuple(str(choice) for choice in choices if choice is not None),
        default=schema.get("default"),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def value_of(field: Field, filled: str | bool | None, words: Words | None = None) -> Any:
    """What was filled in, as the schema wants it; None where it was left open.

    Args:
        words: in which it is said what is not right; English without.

    Raises:
        BadRequest: it is required and empty, or no such number.
    """
    if isinstance(filled, bool):
        return filled
    words = words or Words(ENGLISH)
    label = words(field.label)
    text = (filled or "").strip()
    if not text:
        if field.required:
            raise BadRequest(words("{label} is needed.", label=label), argument=field.path[0])
        return None
    match field.kind:
        case Kind.INTEGER | Kind.NUMBER:
            try:
                return int(text) if field.kind is Kind.INTEGER else float(text)
            except ValueError as error:
                raise BadRequest(
                    words("{label} is a number.", label=label), argument=field.path[0]
                ) from error
        case Kind.LIST:
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text.replace(" ", "T", 1) if field.hint == _WRITTEN_SO["date-time"] else text


def arguments(values: Iterable[tuple[Field, Any]]) -> dict[str, Any]:
    """The arguments, nested again; what was left open is left out."""
    nested: dict[str, Any] = {}
    for field, value in values:
        if value is None:
            continue
        table = nested
        for name in field.path[:-1]:
            table = table.setdefault(name, {})
        table[field.path[-1]] = value
    return nested
