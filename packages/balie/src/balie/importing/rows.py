"""From what a row says to a row that can be written, or to everything that is wrong with it."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Meta

from balie.importing.formats import CsvReader, Format, JsonLinesReader, JsonReader, Reader, Record
from balie.importing.report import RowFault

R = TypeVar("R", bound=msgspec.Struct)

Complaint = tuple[str, str, str]
"""A field, what is wrong with it, what would be right."""

Check = Callable[[dict[str, Any]], Iterator[Complaint]]
"""Looks at the fields that are given and of the right type; may put better forms of them in their place."""

_SHOWN = 60


class Line(msgspec.Struct, Generic[R], frozen=True):
    """A row and its number."""

    number: int
    row: R


class RowReader(Generic[R]):
    """Reads the rows of one kind.

    Args:
        kind: the struct of a row. A field that may be left out is ``UNSET`` by default, and the
            description in a field's ``Meta`` says what would be right.
        check: what types can't say.
    """

    def __init__(self, kind: type[R], check: Check) -> None:
        self.kind = kind
        self.check = check
        hints = get_type_hints(kind, include_extras=True)
        self._types: dict[str, Any] = {name: _given(hint) for name, hint in hints.items()}
        self._rights = {name: _description(hint) for name, hint in hints.items()}
        self._objects = frozenset(n for n, hint in self._types.items() if _plain(hint) is dict)
        self._required = [f.name for f in msgspec.structs.fields(kind) if f.required]
        self._json = msgspec.json.Decoder(kind)
        self._raw = msgspec.json.Decoder(dict[str, msgspec.Raw])

    def reader(self, format_: Format) -> Reader:
        """What tells the rows of a file apart."""
        match format_:
            case Format.CSV:
                return CsvReader(frozenset(self._types), self._objects)
            case Format.JSON:
                return JsonReader()
            case Format.JSONL:
                return JsonLinesReader()

    def read(self, record: Record) -> Line[R] | list[RowFault]:
        """The row, or all of its faults."""
        if record.value is None:
            return [record.fault] if record.fault else []
        complaints: list[Complaint] = []
        try:
            if isinstance(record.value, str):
                row = self._json.decode(record.value)
            else:
                row = msgspec.convert(self._cells(record.value), self.kind, strict=False)
            # Not asdict, which would take what is in a field apart as well.
            values = {name: value for name in self._types if (value := getattr(row, name)) is not UNSET}
        except (msgspec.DecodeError, ValueError, RecursionError):
            values = {}
            complaints.extend(self._one_by_one(record.value, values))
        complaints.extend(self.check(values))
        if complaints:
            return [RowFault(record.number, *complaint) for complaint in complaints]
        return Line(record.number, self.kind(**values))

    def _one_by_one(self, value: str | dict[str, Any], values: dict[str, Any]) -> Iterator[Complaint]:
        """Read each field for itself: the good ones go into ``values``."""
        fields: Mapping[str, Any]
        if isinstance(value, str):
            try:
                fields = self._raw.decode(value)
            except (msgspec.DecodeError, ValueError, RecursionError):
                yield "", f"{_shown(value)} is no JSON object", 'such as {"sku": "HH-10001"}'
                return
        else:
            fields = self._cells(value)
        for name in fields.keys() - self._types.keys():
            near = get_close_matches(name, self._types, n=1)
            yield _shown(name), "nobody knows this field", near[0] if near else ", ".join(self._types)
        for name in self._types:
            if name not in fields:
                if name in self._required:
                    yield name, "it is missing", self._rights[name]
                continue
            try:
                values[name] = self._field(fields[name], self._types[name])
            except (msgspec.DecodeError, ValueError, RecursionError):
                yield name, f"{_shown(fields[name])} can't be taken", self._rights[name]

    def _field(self, given: Any, kind: Any) -> Any:
        if isinstance(given, msgspec.Raw):
            return msgspec.json.decode(given, type=kind)
        return msgspec.convert(given, kind, strict=False)

    def _cells(self, cells: dict[str, Any]) -> dict[str, Any]:
        """A cell of a column that holds an object is JSON."""
        found = dict(cells)
        for name in self._objects & cells.keys():
            if isinstance(cells[name], str):
                try:
                    found[name] = msgspec.json.decode(cells[name])
                except (msgspec.DecodeError, ValueError, RecursionError):
                    continue  # it stays text, which is no object
        return found


def _given(hint: Any) -> Any:
    """The type of a field that is there: without ``UNSET``."""
    kinds = [kind for kind in get_args(hint) if kind is not msgspec.UnsetType]
    return kinds[0] if msgspec.UnsetType in get_args(hint) and len(kinds) == 1 else hint


def _plain(hint: Any) -> Any:
    inner = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    return get_origin(inner) or inner


def _description(hint: Any) -> str:
    told = [each.description for each in get_args(_given(hint)) if isinstance(each, Meta)]
    return next((words for words in told if words), "")


def _shown(value: Any) -> str:
    text = bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)
    # What is shown must not do anything to whatever shows it.
    text = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * _SHOWN])
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
