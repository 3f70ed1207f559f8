"""Rows on the disk, between being read and being written."""

import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Generic

import msgspec

from balie.importing.rows import Line, R

_IN_MEMORY = 1 << 20
_LENGTH_BYTES = 4


class Spool(Generic[R]):
    """A file without a name that holds batches of rows in their order; it is gone when the block ends."""

    def __init__(self, kind: type[R]) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed in __exit__
        self._encoder = msgspec.msgpack.Encoder()
        line: Any = Line
        self._decoder = msgspec.msgpack.Decoder(list[line[kind]])

    def __enter__(self) -> "Spool[R]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, lines: Sequence[Line[R]]) -> None:
        """Put a batch behind the others."""
        packed = self._encoder.encode(list(lines))
        self._file.write(len(packed).to_bytes(_LENGTH_BYTES))
        self._file.write(packed)

    def batches(self, skip: int = 0) -> Iterator[list[Line[R]]]:
        """The batches from the first one, less ``skip``."""
        self._file.seek(0)
        while length := int.from_bytes(self._file.read(_LENGTH_BYTES)):
            packed = self._file.read(length)
            if skip:
                skip -= 1
            else:
                yield self._decoder.decode(packed)
