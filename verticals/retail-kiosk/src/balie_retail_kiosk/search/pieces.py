"""What a message falls into, and the small words that part or point."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from balie_retail_kiosk.search.analysis import is_joint
from balie_retail_kiosk.search.counts import count_at
from balie_retail_kiosk.search.lexicon import BEST, CHEAPEST, DEAREST, DETERMINERS, SEEKING
from balie_retail_kiosk.search.speech import CLAUSES, Gap, denies, tells_of_having
from balie_retail_kiosk.search.tokens import Token
from balie_retail_kiosk.search.vocabulary import Vocabulary

_SEPARATORS = {
    **dict.fromkeys((",", ";", ":", "(", ")", "–", "—"), ","),
    **dict.fromkeys((".", "?", "!"), "."),
    **dict.fromkeys(("and", "&", "also", "then", "+", "vs", "versus"), "and"),
    **dict.fromkeys(("or", "/"), "or"),
}
_POSSESSIVES = frozenset({"my", "our", "his", "her", "their", "the", "a", "an", "your", "that", "this"})


@dataclass
class Element:
    """A piece of a message and what it is.

    ``kind`` is one of word, measure, price, count, choice, sku, gtin, reference, separator, determiner, seek,
    with, at, for, without, gap, not, pronoun, polite, repair, perhaps. A word's ``terms`` are those that stand for it,
    one of which must be there; none of an unknown one's are in the catalogue.
    """

    kind: str
    start: int
    end: int
    value: Any = None
    terms: tuple[str, ...] = ()
    known: bool = True
    corrected: str = ""
    weak: bool = field(default=False)
    """Also a word that people in a shop say of anything."""


@dataclass
class Said:
    """A word of the message before phrases are replaced."""

    start: int
    end: int
    choices: tuple[str, ...]
    known: bool
    corrected: bool = False
    weak: bool = False


def marker(
    parts: Sequence[Token], at: int, words: list[Said], vocabulary: Vocabulary
) -> tuple[Element, int] | None:
    """Separators, superlatives and the small words that matter."""
    token = parts[at]
    text, following = token.text, parts[at + 1].text if at + 1 < len(parts) else ""
    here = (token.start, token.end)
    if (text, following) in {
        ("least", "expensive"),
        ("most", "affordable"),
        ("most", "cheap"),
        ("lowest", "priced"),
        ("lowest", "price"),
    }:
        return Element("choice", token.start, parts[at + 1].end, "cheapest"), at + 2
    if text == "most" and following in {"expensive", "pricey", "costly", "dear"}:
        return Element("choice", token.start, parts[at + 1].end, "dearest"), at + 2
    for kind, members in (("cheapest", CHEAPEST), ("dearest", DEAREST), ("best", BEST)):
        if text in members and not (kind == "best" and text == "top" and vocabulary.knows("top")):
            return Element("choice", *here, kind), at + 1
    if text in {"plus", "as"}:
        return _plus(parts, at, words, vocabulary)
    if text == "n" and not vocabulary.knows("n"):
        return Element("separator", *here, "and"), at + 1
    if separator := _SEPARATORS.get(text):
        if token.kind == "mark" and text in {".", "/", "+", ":"} and is_joint(list(parts), at):
            return None
        return Element("separator", *here, separator), at + 1
    if text == "-" and not token.glued:
        return Element("separator", *here, ","), at + 1
    if text in {"without", "except", "excluding"}:
        return Element("without", *here), at + 1
    if text == "at":
        return Element("at", *here), at + 1
    if text == "with":
        return Element("with", *here), at + 1
    if text == "for":
        return Element("for", *here, value=following in _POSSESSIVES), at + 1
    if denied := denies(parts, at):
        return Element("not", token.start, parts[at + denied - 1].end), at + denied
    if text in CLAUSES:
        return Element("separator", *here, "clause"), at + 1
    if text in DETERMINERS:
        return Element("determiner", *here, text), at + 1
    if tells_of_having(parts, at):
        return Element("gap", *here, Gap.TOLD), at + 1
    if text in SEEKING:
        return Element("seek", *here, text), at + 1
    return None


def _plus(
    parts: Sequence[Token], at: int, words: list[Said], vocabulary: Vocabulary
) -> tuple[Element, int] | None:
    """ "A kettle plus a toaster" are two, "the Harbour Plus" is one; "as well as" parts too."""
    token = parts[at]
    if token.text == "as":
        if [part.text for part in parts[at : at + 3]] == ["as", "well", "as"]:
            return Element("separator", token.start, parts[at + 2].end, "and"), at + 3
        return None
    following = parts[at + 1].text if at + 1 < len(parts) else ""
    said_all = bool(words) and any(choice in vocabulary.heads for choice in words[-1].choices)
    if (
        not vocabulary.knows("plus")
        or following in DETERMINERS
        or count_at(parts, at + 1 if following else at)
        or (said_all and following)
    ):
        return Element("separator", token.start, token.end, "and"), at + 1
    return None
