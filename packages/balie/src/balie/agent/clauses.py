"""Cutting a message where one wish may end and the next begin."""

import re
from dataclasses import dataclass

# A sentence's end, a semicolon, a new line; or a joining word between two clauses.
_CUT = re.compile(
    r"(?<=[.!?;:])\s+(?:(?:also|then|plus|and)\b[,:]?\s+)?|\n+|\s*[,;]?\s+(?:and\s+(?:also|then|please)?|also|then|plus|but\s+first|and|&)\s+|\s*,\s+(?-i:(?=[a-z]))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'’-]{2,}")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message, ``message[start:end]``."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the message."""
        return self.start + len(self.text)


def clauses(message: str) -> list[Clause]:
    """The message in parts that could each be a wish, in order; all of it where there is no cut.

    A part with fewer than two words ("and 10240", "thanks") belongs to the one before it.
    """
    parts: list[Clause] = []
    start = 0
    for cut in [*_CUT.finditer(message), None]:
        end = cut.start() if cut else len(message)
        text = message[start:end]
        if text.strip():
            lead = len(text) - len(text.lstrip())
            part = Clause(text.strip(), start + lead)
            if parts and len(_WORD.findall(part.text)) < 2:
                parts[-1] = join(message, parts[-1], part)
            else:
                parts.append(part)
        if cut:
            start = cut.end()
    return parts or [Clause(message, 0)]


def join(message: str, first: Clause, last: Clause) -> Clause:
    """Both, and what stands between them."""
    return Clause(message[first.start : last.end], first.start)
