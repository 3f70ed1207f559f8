"""A text as tokens: words, numbers, codes and marks, each with its place in the text."""

import re
import unicodedata
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<code>[^\W\d_]+\d[^\W_]*)"  # M55, E27, R3
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?)"
    r"|(?P<mark>''|\S)"
)
_POSSESSIVE = re.compile(r"['’]s$")


class Token(NamedTuple):
    """A piece of a text: ``text`` in lower case and without accents; ``kind`` is word, number, code or mark.

    ``glued`` says that nothing stands between it and the token before it.
    """

    start: int
    end: int
    text: str
    kind: str
    glued: bool


def folded(text: str) -> str:
    """In lower case, without accents; "CAFÉ" is "cafe"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(each for each in plain if not unicodedata.combining(each)).casefold()


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    found, last = [], 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "mark"
        said = match.group()
        if kind == "word":
            said = _POSSESSIVE.sub("", folded(said)).replace("'", "").replace("’", "")
        elif kind == "code":
            said = folded(said)
        start, end = match.span()
        found.append(Token(start, end, said, kind, start == last and start > 0))
        last = end
    return found


# Nouns whose plural no rule makes; the rules below do the rest.
_IRREGULAR = {
    "knives": "knife",
    "shelves": "shelf",
    "dishes": "dish",
    "leaves": "leaf",
    "mice": "mouse",
    "gas": "gas",
}
_SIBILANT = ("ches", "shes", "xes", "sses", "zzes")


def stem(word: str) -> str:
    """The singular: "cables" is "cable", "batteries" is "battery"; a word of three letters stays."""
    if len(word) < 4 or not word.endswith("s"):
        return "tv" if word == "tvs" else _IRREGULAR.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(_SIBILANT):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
