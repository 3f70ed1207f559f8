"""Cutting a message where one wish may end and the next begin."""

import re
from dataclasses import dataclass

# A sentence's end, a semicolon, a new line; or a joining word between two clauses.
_CUT = re.compile(
    r"(?<=[.!?;:])\s+(?:(?:also|then|plus|and)\b[,:]?\s+)?|\n+|\s*[,;]?\s+(?:and\s+(?:also|then|please)?|also|then|plus|but\s+first|and|&)\s+|\s*,\s+(?-i:(?=[a-z]))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'’-]{2,}")
# "1) … 2) …", "1. … 2. …", "a) … b) …"
_MARK = re.compile(r"(?:^|(?<=\s))\(?(?:(\d)[).]|([a-i])\))\s+", re.IGNORECASE)
# What stands in quotes or brackets and is a sentence or more: an e-mail, a text of the device.
_QUOTED = re.compile(
    r"\"[^\"]+\"|“[^”]+”|«[^»]+»|\[[^\]]+\]|(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))+['’](?!\w)"
)
_QUOTED_FROM = 5


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
    cuts = _marks(message)
    cuts += [cut for cut in _CUT.finditer(message) if not any(_overlap(cut, mark) for mark in cuts)]
    for cut in [*sorted(cuts, key=re.Match.start), None]:
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


def _marks(message: str) -> list[re.Match[str]]:
    """The marks of a list that the message is, if it counts up from one."""
    marks = list(_MARK.finditer(message))
    places = [int(mark[1]) if mark[1] else ord(mark[2].lower()) - ord("a") + 1 for mark in marks]
    return marks if len(marks) > 1 and places == list(range(1, len(marks) + 1)) else []


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def without_quotes(message: str) -> str:
    """The message with blanks for what it only quotes: whose words those are, and what they ask, is not known.

    As long as the message, so that places stay what they are. A few words in quotes are a name or a title.
    """
    said = _QUOTED.sub(
        lambda quoted: " " * len(quoted[0]) if len(quoted[0].split()) >= _QUOTED_FROM else quoted[0], message
    )
    return said if _WORD.search(said) else message


def join(message: str, first: Clause, last: Clause) -> Clause:
    """Both, and what stands between them."""
    return Clause(message[first.start : last.end], first.start)
