"""Rows out of CSV, JSON and JSON Lines, piece by piece: no more of a file is held than one row and a piece.

A reader is fed text as it comes and gives the rows that are complete. What is wrong with one row is that
row's fault, and the next one is read; where the rest can't be told apart any more, it is :class:`Unreadable`.
"""

import codecs
import csv
import enum
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import msgspec

from balie.errors import BadRequest
from balie.importing.report import RowFault

MOST_CHARACTERS = 65_536
"""What a row may take. A row that has not ended by then is not going to: a quote or a bracket is open."""

_BLANK = re.compile(r"[ \t\r\n]*")
_DELIMITERS = ",;\t"
_BEGINNINGS = '{["'
_SCALAR = re.compile(r"[^,\]\s]+")
# A cell of `attributes.length_m` is what JSON would make of it, if that is one of these; else it is text.
_JSON_SCALAR = re.compile(r'-?(0|[1-9]\d{0,15})(\.\d+)?|true|false|"[^"\\]*"', re.ASCII)


class Format(enum.StrEnum):
    """How rows are written down."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


class Record(msgspec.Struct, frozen=True):
    """A row as it was written: a JSON text, the cells of a CSV by their columns, or a fault."""

    number: int
    value: str | dict[str, Any] | None
    fault: RowFault | None = None


class Unreadable(BadRequest):
    """From here on nobody can tell what the rows are."""

    slug = "import-unreadable"


class Reader(ABC):
    """Bytes in, records out."""

    def __init__(self) -> None:
        self.number = 0
        """The last row that was begun."""
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._rest = ""

    def feed(self, piece: bytes) -> Iterator[Record]:
        """The rows that this piece completes.

        Raises:
            Unreadable: the rest can't be told apart.
        """
        yield from self._take(self._text(piece, final=False))

    def finish(self) -> Iterator[Record]:
        """The row that the end completes.

        Raises:
            Unreadable: it ends in the middle of something.
        """
        yield from self._take(self._text(b"", final=True))
        yield from self._end()

    def _text(self, piece: bytes, *, final: bool) -> str:
        try:
            return self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            raise Unreadable(f"After row {self.number} there is something that is not UTF-8.") from error

    def _too_long(self, rest: str, open_thing: str) -> None:
        if len(rest) > MOST_CHARACTERS:
            raise Unreadable(
                f"Row {self.number + 1} has more than {MOST_CHARACTERS:,} characters; {open_thing}."
            )

    @abstractmethod
    def _take(self, text: str) -> Iterator[Record]: ...

    @abstractmethod
    def _end(self) -> Iterator[Record]: ...


class JsonLinesReader(Reader):
    """A JSON object on each line; lines without anything are passed over, and counted."""

    def _take(self, text: str) -> Iterator[Record]:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._too_long(line, "it is one line")
            yield from self._line(line)
        self._too_long(self._rest, "it is one line")

    def _end(self) -> Iterator[Record]:
        yield from self._line(self._rest)

    def _line(self, line: str) -> Iterator[Record]:
        self.number += 1
        if line.strip():
            yield Record(self.number, line)


class JsonReader(Reader):
    """An array of objects. The array's ends are found here, what is in an element is looked at later."""

    def __init__(self) -> None:
        super().__init__()
        # Numbers stay text: nobody wants them here, and one of many digits would take long.
        self._scan = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode
        self._expected = "["

    def _take(self, text: str) -> Iterator[Record]:
        self._rest += text
        place = 0
        while (place := _after_blank(self._rest, place)) < len(self._rest):
            match self._expected:
                case "[":
                    if self._rest[place] != "[":
                        raise Unreadable(
                            "The file does not begin with [, as an array does. "
                            "Objects that follow each other on lines are JSON Lines."
                        )
                    self._expected, place = "element or ]", place + 1
                case "element or ]" if self._rest[place] == "]":
                    self._expected, place = "", place + 1
                case "":
                    raise Unreadable("There is something after the array's end.")
                case _:
                    end = self._element_end(place)
                    after = _after_blank(self._rest, end) if end else len(self._rest)
                    if after == len(self._rest):  # what follows decides whether it is complete
                        break
                    self.number += 1
                    yield Record(self.number, self._rest[place:end])
                    self._next(self._rest[after])
                    place = after + 1
        self._rest = self._rest[place:]
        self._too_long(self._rest, self._why())

    def _next(self, character: str) -> None:
        match character:
            case ",":
                self._expected = "element"
            case "]":
                self._expected = ""
            case other:
                raise Unreadable(f"After row {self.number} comes {other!r}, where a comma or ] is expected.")

    def _element_end(self, place: int) -> int:
        """Where the element ends; 0 if it does not yet, or never will."""
        if self._rest[place] not in _BEGINNINGS and (found := _SCALAR.match(self._rest, place)):
            return found.end()  # cut in two, a number would be two; it is no row in any case
        try:
            return self._scan(self._rest, place)[1]
        except (ValueError, RecursionError):
            return 0

    def _why(self) -> str:
        try:
            self._scan(self._rest, _after_blank(self._rest, 0))
        except json.JSONDecodeError as error:
            return f"it is no JSON: {error.msg[0].lower()}{error.msg[1:]} at its character {error.pos + 1}"
        except RecursionError:
            return "it is nested too deeply"
        except ValueError as error:
            return f"it is no JSON: {error}"
        return "the array does not end"

    def _end(self) -> Iterator[Record]:
        if self._expected:
            words = "The array does not end" if not self._rest else f"Row {self.number + 1}: {self._why()}"
            raise Unreadable(f"{words}." if self.number or self._rest else "There is nothing in the file.")
        return iter(())


class CsvReader(Reader):
    """A header, then rows of as many cells (RFC 4180). The header tells whether commas, semicolons or tabs
    stand between them.

    Args:
        columns: that are known. ``objects`` are those of them whose parts may be columns of their own:
            ``attributes.length_m``.
    """

    def __init__(self, columns: frozenset[str], objects: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._columns = columns
        self._objects = objects
        self._delimiter = ","
        self._header: list[str] = []
        self._record = ""

    def _take(self, text: str) -> Iterator[Record]:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            yield from self._line(f"{line}\n")
        self._too_long(self._rest, "it is one line")

    def _end(self) -> Iterator[Record]:
        if self._rest:
            yield from self._line(self._rest)
        if self._record:
            raise Unreadable(f"A quotation mark that is opened in row {self.number + 1} is not closed.")
        if not self._header:
            raise Unreadable("There is nothing in the file; its first line names the columns.")

    def _line(self, line: str) -> Iterator[Record]:
        if not self._header and not self._record:
            self._delimiter = max(_DELIMITERS, key=line.count)
        self._record += line
        try:
            cells = next(csv.reader([self._record], delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            if str(error) == "unexpected end of data":  # a quoted cell goes on in the next line
                self._too_long(self._record, "a quotation mark may not be closed")
                return
            self._record = ""
            self.number += 1
            words = "a quoted cell goes on after its closing mark, or a line break is not quoted"
            yield _faulty(self.number, words, 'a cell with quotation marks is written "55"" TV"')
            return
        self._record = ""
        self.number += 1
        if not self._header:
            self._header = self._checked([cell.strip() for cell in cells])
        elif any(cells):
            yield self._row(cells)

    def _row(self, cells: list[str]) -> Record:
        if len(cells) != len(self._header):
            words = f"it has {len(cells)} cells"
            return _faulty(self.number, words, f"as many as the header has: {len(self._header)}")
        values: dict[str, Any] = {}
        for column, cell in zip(self._header, cells, strict=True):
            if not (text := cell.strip()):
                continue
            name, dot, part = column.partition(".")
            if dot:
                values.setdefault(name, {})[part] = _part(text)
            else:
                values[name] = text
        return Record(self.number, values)

    def _checked(self, header: list[str]) -> list[str]:
        from difflib import get_close_matches

        for column in header:
            name, dot, part = column.partition(".")
            if name in (self._objects if dot and part else self._columns) and header.count(column) == 1:
                continue
            if header.count(column) > 1:
                raise Unreadable(f"The header has the column {column} more than once.")
            near = get_close_matches(name, self._columns, n=1)
            known = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(self._columns))}."
            raise Unreadable(f"The header has a column {column!r} that nobody knows: {known}")
        for column in header:
            name, dot, _ = column.partition(".")
            if dot and name in header:
                raise Unreadable(f"The header has both {name} and {column}: take one of them.")
        return header


def _part(text: str) -> str | int | float | bool:
    if not _JSON_SCALAR.fullmatch(text):
        return text
    scalar: str | int | float | bool = json.loads(text)
    return scalar


def _after_blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _faulty(number: int, wrong: str, right: str) -> Record:
    return Record(number, None, RowFault(number, "", wrong, right))
