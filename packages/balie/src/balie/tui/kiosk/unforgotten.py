"""Which visits are still to be wiped, also after a power cut."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

log = logging.getLogger(__name__)


class Unforgotten:
    """The conversations that are not forgotten yet, by their ids, in a file.

    A visit is noted when it begins and struck out when it is wiped: what a crash leaves behind is wiped at
    the next start.

    Args:
        file: None keeps them in memory only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._ids = dict.fromkeys(self._read())

    def __iter__(self) -> Iterator[UUID]:
        return iter(list(self._ids))

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, conversation: UUID) -> None:
        """A visit has begun."""
        self._ids[conversation] = None
        self._write()

    def remove(self, conversation: UUID) -> None:
        """It is wiped."""
        self._ids.pop(conversation, None)
        self._write()

    def _read(self) -> Iterator[UUID]:
        if self._file is None or not self._file.exists():
            return
        for line in self._file.read_text(encoding="ascii", errors="replace").splitlines():
            try:
                yield UUID(line)
            except ValueError:
                log.warning("the list of unforgotten visits has a line that is no id")

    def _write(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_suffix(".draft")
        try:
            draft.write_text("".join(f"{each}\n" for each in self._ids), encoding="ascii")
            draft.replace(self._file)
        except OSError as error:
            # The visit goes on; without the file it is wiped unless the power fails before its end.
            log.warning("visits can't be noted in %s: %s", self._file, error.strerror)
