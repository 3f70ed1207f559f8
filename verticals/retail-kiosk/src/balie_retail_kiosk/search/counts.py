"""How many of something are wanted: "two", "3x", "a pair of", "half a dozen", "a 4-pack"."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from balie_retail_kiosk.search.amounts import number_at
from balie_retail_kiosk.search.tokens import Token

MOST = 9999
_TIMES = frozenset({"x", "×", "times"})
_UNITS = frozenset({"pieces", "piece", "pcs", "pc", "units", "unit", "items", "copies", "more"})
_PIECES = frozenset({"pieces", "pcs"})
_CODE = re.compile(r"x(\d{1,4})$")
# After these a number is no quantity: a percentage, a time, a date.
_NOT_AFTER = frozenset(
    {"%", "percent", "am", "pm", ":", "st", "nd", "rd", "th", "year", "years", "month", "months", "day"}
)
_NOT_AFTER |= frozenset(
    {"days", "week", "weeks", "hour", "hours", "minute", "minutes", "people", "persons", "oclock"}
)
_NOT_AFTER |= frozenset({"guilders", "pounds", "dollars", "quid", "bucks", "cents"})
_PACKS = frozenset({"pack", "packs", "box", "boxes", "set", "sets", "bag", "bags", "packet", "packets"})
_POINTING = frozenset({"the", "those", "these", "your"})


class Count(NamedTuple):
    """How many, and the position of the token after it; ``pair`` where "pair" was said.

    ``pack`` is the number in one pack, where packs were counted or named; ``pieces`` where "pieces" was said.
    """

    value: int | None
    after: int
    pair: bool = False
    pack: int | None = None
    pieces: bool = False


def count_at(tokens: Sequence[Token], at: int) -> Count | None:
    """The quantity that begins at a token, or None.

    A number that is part of a measure has been read as one before this is asked.
    """
    if packed := _pack(tokens, at):
        return packed
    if grouped := _group(tokens, at):
        return grouped
    token = tokens[at]
    if token.kind == "code" and (match := _CODE.match(token.text)):
        return Count(int(match.group(1)), at + 1)
    if (
        token.text in _TIMES
        and token.text != "times"
        and at + 1 < len(tokens)
        and tokens[at + 1].kind == "number"
    ):
        value = _whole(tokens, at + 1)
        return Count(value[0], value[1]) if value else None
    value = _whole(tokens, at)
    if value is None:
        return None
    number, after = value
    if _text(tokens, after) in _TIMES:
        return Count(number, _past(tokens, after + 1, "of"))
    if _text(tokens, after) == "-" and _text(tokens, after + 1) == "pack":
        return None
    if (following := _text(tokens, after)) in _NOT_AFTER or (
        following and tokens[after].glued and following.isalpha()
    ):
        return None
    if following in _UNITS or (following in _PACKS and _text(tokens, after + 1) == "of"):
        after += 1
    if (of := _past(tokens, after, "of")) > after and _text(tokens, of) in _POINTING:
        of += 1  # "two packs of the long ones"
    return Count(number, of, pieces=following in _PIECES)


def past_time(tokens: Sequence[Token], at: int) -> int | None:
    """The position after a time or a share that begins here ("two hours", "10%", "2 years"), or None."""
    number = number_at(tokens, at)
    if number is None or _text(tokens, number[1]) not in _NOT_AFTER:
        return None
    return number[1] + 1


def _pack(tokens: Sequence[Token], at: int) -> Count | None:
    """ "A pack of 8", "two packs of 8", "an 8-pack", "two 8 packs"."""
    count, start = None, at
    if _text(tokens, at) in _PACKS and _text(tokens, at + 1) == "of" and (size := _whole(tokens, at + 2)):
        return Count(None, size[1], pack=size[0])
    value = _whole(tokens, at)
    if value is None:
        return None
    count, start = value
    if (
        _text(tokens, start) in _PACKS
        and _text(tokens, start + 1) == "of"
        and (size := _whole(tokens, start + 2))
    ):
        return Count(count, size[1], pack=size[0])
    place = start + 1 if _text(tokens, start) == "-" else start
    if _text(tokens, place) == "pack":
        return Count(None, place + 1, pack=count)
    if inner := _whole(tokens, start):
        place = inner[1] + 1 if _text(tokens, inner[1]) == "-" else inner[1]
        if _text(tokens, place) in {"pack", "packs"}:
            return Count(count, place + 1, pack=inner[0])
    return None


def _group(tokens: Sequence[Token], at: int) -> Count | None:
    """Pairs, couples and dozens."""
    start, times = at, 1
    if _text(tokens, at) == "half" and _text(tokens, at + 1) in {"a", "dozen"}:
        place = _past(tokens, at + 1, "a")
        return Count(6, _past(tokens, place + 1, "of")) if _text(tokens, place) == "dozen" else None
    if _text(tokens, at) == "a":
        start = at + 1
    elif value := _whole(tokens, at):
        times, start = value
    match _text(tokens, start):
        case "pair" | "pairs":
            return Count(2 * times, _past(tokens, start + 1, "of"), pair=True)
        case "couple":
            return Count(2 * times, _past(tokens, start + 1, "of"))
        case "dozen" | "dozens":
            return Count(12 * times, _past(tokens, start + 1, "of"))
        case "single" if start == at or times == 1:
            return Count(1, start + 1)
    return None


def _whole(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A whole number that can be a quantity."""
    if at >= len(tokens) or (tokens[at].kind == "number" and not tokens[at].text.isdigit()):
        return None
    number = number_at(tokens, at)
    if number is None or number[0] != int(number[0]) or not 1 <= number[0] <= MOST:
        return None
    return int(number[0]), number[1]


def _text(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def _past(tokens: Sequence[Token], at: int, word: str) -> int:
    return at + 1 if _text(tokens, at) == word else at
