"""Measures and price limits in a text: "2 m", "at least 55 inch", "under 600", "between €20 and €40"."""

from collections.abc import Container, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from balie_retail_kiosk.search.amounts import UNITS, Unit, number_at, tolerance, unit_at
from balie_retail_kiosk.search.lexicon import FUNCTION_WORDS
from balie_retail_kiosk.search.tokens import Token

ABOUT = Decimal("0.2")
"""How far from "around 300" a price may be, as a share of it."""

_LEAST_SPENT = 10
_CURRENCY = frozenset({"€", "euro", "euros", "eur"})
_ASPECTS = {
    **dict.fromkeys(("wide", "width", "across"), "width"),
    **dict.fromkeys(("high", "tall", "height"), "height"),
    **dict.fromkeys(("deep", "depth"), "depth"),
    **dict.fromkeys(("long", "length", "diagonal"), "length"),
}
# What a comparison says of which length is meant.
_COMPARED = {
    **dict.fromkeys(("wider", "narrower"), "width"),
    "taller": "height",
    **dict.fromkeys(("deeper", "shallower"), "depth"),
}
_BATTERY = frozenset({"battery", "runtime", "playtime", "playback", "cleaning", "run", "play", "listening"})


class Measure(Struct, frozen=True):
    """A measure that was said: of which kind, from ``low`` to ``high`` in the kind's base unit.

    The range is as wide as a product may be off (:func:`balie_retail_kiosk.search.amounts.tolerance`);
    ``text`` is what was said.
    """

    kind: str
    low: float
    high: float
    text: str


class PriceLimit(Struct, frozen=True):
    """A price in euros, from ``low`` to ``high``, both included; None is no limit.

    ``bare`` where only an amount was said ("a TV for 600 euros"), which is taken for what somebody spends at
    most.
    """

    low: Decimal | None
    high: Decimal | None
    bare: bool = False


class Found(NamedTuple):
    """What was read, and the position of the token after it."""

    value: Measure | PriceLimit
    after: int


class _Side(StrEnum):
    MOST = "most"
    LEAST = "least"
    ABOUT = "about"


_BEFORE = {
    _Side.MOST: (
        "under|below|beneath|less than|cheaper than|lower than|smaller than|lighter than|shorter than|"
        "no more than|not more than|nothing over|nothing above|not over|not above|not exceeding|no higher than|"
        "not higher than|at most|up to|upto|max|max .|maximum|maximum of|max of|a maximum of|a max of|within|"
        "budget of|budget is|budget|a budget of|< =|<|≤|for less than|for under|for max|costing under|"
        "no longer than|no bigger than|no heavier than|no wider than|not wider than|narrower than|no taller than|"
        "not taller than|no deeper than|not deeper than|shallower than"
    ),
    _Side.LEAST: (
        "over|above|more than|at least|minimum|a minimum of|minimum of|min|starting at|starting from|upwards of|"
        "> =|>|≥|not less than|no less than|bigger than|larger than|longer than|heavier than|higher than|"
        "wider than|taller than|deeper than"
    ),
    _Side.ABOUT: "around|about|roughly|approximately|approx|approx .|circa|ca|ca .|~|±|close to|near|some where around",
}
_AFTER = {
    _Side.MOST: (
        "or less|or under|or below|or cheaper|or lower|max|maximum|at most|tops|at the most|or smaller|budget|"
        "and under|and below|and less|or shorter"
    ),
    _Side.LEAST: "or more|or over|or above|and up|and over|and above|or higher|or bigger|or larger|upwards|minimum|"
    "or longer",
    _Side.ABOUT: "or so|or thereabouts|ish|approximately|more or less",
}


def _phrases(table: dict[_Side, str]) -> list[tuple[tuple[str, ...], _Side]]:
    pairs = [(tuple(phrase.split()), side) for side, text in table.items() for phrase in text.split("|")]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


_LEADS, _TRAILS = _phrases(_BEFORE), _phrases(_AFTER)
_TRAIL_WORDS = frozenset(phrase[0] for phrase, _side in _TRAILS)
_LEAD_WORDS = frozenset(phrase[0] for phrase, _side in _LEADS)
LIMIT_WORDS = frozenset(
    word for phrase, _side in (*_LEADS, *_TRAILS) for word in phrase if word.isalpha() and len(word) > 3
)
"""The words that limits are made of, for the spelling."""


class _Amount(NamedTuple):
    value: Decimal
    unit: Unit | None
    money: bool
    after: int


def limit_at(tokens: Sequence[Token], at: int, text: str, codes: Container[str] = ()) -> Found | None:
    """The measure or price limit that begins at a token, or None.

    Args:
        tokens: of ``text``.
        codes: words of the catalogue that look like a measure ("5g").
    """
    if tokens[at].text == "for":
        return _for_so_much(tokens, at, codes)
    side, start = _lead(tokens, at)
    between = tokens[start].text in {"between", "from"} and side is None if start < len(tokens) else False
    if side is _Side.MOST or side is _Side.LEAST:
        # "under about 600", "up to around 600"
        inner, start_inner = _lead(tokens, start)
        if inner is _Side.ABOUT:
            start = start_inner
    if between and (found := _range(tokens, start + 1, at, text, codes, said=True)):
        return found
    if between:
        if tokens[start].text == "between":
            return None
        side, start = _Side.LEAST, start + 1
    if side is None and (found := _range(tokens, start, at, text, codes, said=False)):
        return found
    amount = _amount(tokens, start, codes)
    if amount is None or (between and not amount.money):
        return None
    after = amount.after
    trail, beyond = _trail(tokens, after)
    if trail is not None and (side is None or amount.money or amount.unit):
        side, after = (trail if side is None else side), beyond
    if amount.unit is not None:
        return _measure(tokens, at, amount, side, after, text)
    if not amount.money and (side is None or not _is_price(tokens, amount, trail)):
        return None
    return Found(_price(amount.value, side), after)


def _for_so_much(tokens: Sequence[Token], at: int, codes: Container[str]) -> Found | None:
    """ "For 449" at the end of what is said of a product; "for 2 kettles" is no price."""
    amount = _amount(tokens, at + 1, codes)
    if amount is None or amount.unit is not None or amount.value < _LEAST_SPENT:
        return None
    following = tokens[amount.after] if amount.after < len(tokens) else None
    ends = following is None or following.kind == "mark" or following.text in FUNCTION_WORDS
    side, after = _trail(tokens, amount.after)
    return Found(_price(amount.value, side), after) if amount.money or side or ends else None


def _lead(tokens: Sequence[Token], at: int) -> tuple[_Side | None, int]:
    if at < len(tokens) and tokens[at].text in _LEAD_WORDS:
        for phrase, side in _LEADS:
            if _follows(tokens, at, phrase):
                return side, at + len(phrase)
    return None, at


def _trail(tokens: Sequence[Token], at: int) -> tuple[_Side | None, int]:
    start = at
    if at < len(tokens) and tokens[at].text == ",":
        start = at + 1  # "600 euros, max"
    if start >= len(tokens) or tokens[start].text not in _TRAIL_WORDS:
        return None, at
    for phrase, side in _TRAILS:
        if _follows(tokens, start, phrase):
            # A lead of the next limit is no trail of this one: "2 m, max 20 euros".
            if number_at(tokens, start + len(phrase)) or (
                start + len(phrase) < len(tokens) and tokens[start + len(phrase)].text in {"€", "of"}
            ):
                continue
            return side, start + len(phrase)
    return None, at


def _follows(tokens: Sequence[Token], at: int, phrase: tuple[str, ...]) -> bool:
    return at + len(phrase) <= len(tokens) and all(
        tokens[at + place].text == word for place, word in enumerate(phrase)
    )


def _amount(tokens: Sequence[Token], at: int, codes: Container[str] = ()) -> _Amount | None:
    """A number with its unit or currency, if it has one."""
    if at >= len(tokens):
        return None
    if at < len(tokens) and tokens[at].text in _CURRENCY and (number := number_at(tokens, at + 1)):
        return _Amount(number[0], None, True, _dashed(tokens, number[1]))
    if at + 2 < len(tokens) and tokens[at].text == "half":
        place = at + 2 if tokens[at + 1].text in {"a", "an"} else at + 1
        if (unit := UNITS.get(tokens[place].text)) and len(tokens[place].text) > 2:
            return _Amount(Decimal("0.5"), unit, False, place + 1)
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    # "a meter" may be a thing that measures
    if tokens[at].text == "a" and following in {"kilo", "kilogram", "litre", "liter", "metre"}:
        return _Amount(Decimal(1), UNITS[following], False, at + 2)
    number = number_at(tokens, at)
    if number is None:
        return None
    value, after = number
    if after < len(tokens) and tokens[after].text in _CURRENCY:
        return _Amount(value, None, True, after + 1)
    if _follows(tokens, after, (",", "-")) and tokens[after].glued:
        return _Amount(value, None, True, after + 2)  # "50,-" as Dutch price tags have it
    if after < len(tokens) and tokens[after].glued and f"{tokens[at].text}{tokens[after].text}" in codes:
        return None
    if (measured := unit_at(tokens, after, value)) and not _is_a_count(tokens, at, measured[0]):
        return _Amount(value, measured[0], False, measured[1])
    return _Amount(value, None, False, after)


def _dashed(tokens: Sequence[Token], at: int) -> int:
    return at + 2 if _follows(tokens, at, (",", "-")) and tokens[at].glued else at


def _is_a_count(tokens: Sequence[Token], at: int, unit: Unit) -> bool:
    """Whether "two pieces" counts: in words it does, and so does "2 pieces of"."""
    if unit.kind != "pieces":
        return False
    after = at + 2
    return tokens[at].kind != "number" or (after < len(tokens) and tokens[after].text == "of")


def _range(
    tokens: Sequence[Token], start: int, at: int, text: str, codes: Container[str], *, said: bool
) -> Found | None:
    """Two amounts of one kind: "20 to 40 euros", "32-55 inch"; after "between" or "from" without a unit too."""
    first = _amount(tokens, start, codes)
    if first is None or first.after >= len(tokens):
        return None
    joint = tokens[first.after].text
    if joint not in ({"and", "to", "-", "–", "till", "until"} if said else {"to", "-", "–"}):
        return None
    second = _amount(tokens, first.after + 1, codes)
    if second is None or second.value < first.value:
        return None
    unit = second.unit or (first.unit if not second.money else None)
    if unit is not None:
        low, high = float(first.value), float(second.value)
        slack = tolerance(unit.kind)
        low_unit = first.unit or unit
        kind, after = _aspect(tokens, second.after, unit.kind)
        measure = Measure(
            kind,
            low * low_unit.factor * (1 - slack),
            high * unit.factor * (1 + slack),
            text[tokens[at].start : tokens[after - 1].end],
        )
        return Found(measure, after)
    if first.money or second.money or (said and _is_price(tokens, second, None)):
        return Found(PriceLimit(first.value, second.value), second.after)
    return None


def _measure(
    tokens: Sequence[Token], at: int, amount: _Amount, side: _Side | None, after: int, text: str
) -> Found | None:
    assert amount.unit is not None
    kind, after = _aspect(tokens, after, amount.unit.kind)
    if kind == "length":
        kind = next((_COMPARED[each.text] for each in tokens[at:after] if each.text in _COMPARED), kind)
    if kind == "time" and not _of_a_battery(tokens, at, after):
        return None
    value = float(amount.value) * amount.unit.factor
    slack = tolerance(kind)
    if side is _Side.ABOUT:
        slack = max(slack, 0.1)
    low, high = value * (1 - slack), value * (1 + slack)
    if side is _Side.MOST:
        low = 0.0
    elif side is _Side.LEAST:
        high = 1e12
    return Found(Measure(kind, low, high, text[tokens[at].start : tokens[after - 1].end]), after)


def _aspect(tokens: Sequence[Token], after: int, kind: str) -> tuple[str, int]:
    """Which length is meant: "60 cm wide"."""
    if kind != "length" or after >= len(tokens):
        return kind, after
    place = after + 1 if tokens[after].text in {"in", "-"} and after + 1 < len(tokens) else after
    aspect = _ASPECTS.get(tokens[place].text)
    return (aspect, place + 1) if aspect else (kind, after)


def _of_a_battery(tokens: Sequence[Token], at: int, after: int) -> bool:
    """Whether a time is a product's: "in two hours" is when somebody comes."""
    near = (*tokens[max(0, at - 3) : at], *tokens[after : after + 3])
    return any(token.text in _BATTERY for token in near)


def _is_price(tokens: Sequence[Token], amount: _Amount, trail: _Side | None) -> bool:
    """Whether a bare number after "under" is euros: "more than two cables" and "about 20 bulbs" are not."""
    if trail is not None or amount.value >= 100:
        return True
    following = tokens[amount.after] if amount.after < len(tokens) else None
    return following is None or following.kind != "word" or following.text in FUNCTION_WORDS


def _price(value: Decimal, side: _Side | None) -> PriceLimit:
    if side is _Side.LEAST:
        return PriceLimit(value, None)
    if side is _Side.ABOUT:
        return PriceLimit(_cents(value * (1 - ABOUT)), _cents(value * (1 + ABOUT)))
    return PriceLimit(None, value, bare=side is None)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def measure_of(name: str, value: float) -> tuple[str, float] | None:
    """The measure that an attribute is, by the unit its name ends in: ``length_m`` and 2 is 2 metres.

    Returns:
        The kind, and the value in its base unit; None where the name ends in no unit.
    """
    stem, _line, ending = name.rpartition("_")
    if name in {"pieces", "count", "pack_size", "pieces_count"} or ending == "pieces":
        return "pieces", value
    unit = UNITS.get(ending) if stem else None
    if unit is None:
        return None
    kind = unit.kind
    if kind == "length":
        words = stem.split("_")
        kind = next((_ASPECTS[word] for word in words if word in _ASPECTS), kind)
        if {"diameter", "thickness", "radius"} & set(words):
            kind = "other"
    return kind, value * unit.factor


__all__ = ["ABOUT", "LIMIT_WORDS", "Found", "Measure", "PriceLimit", "limit_at", "measure_of"]
