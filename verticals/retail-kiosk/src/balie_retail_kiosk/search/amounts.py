"""Numbers in digits and in words, and the units they come with."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from balie_retail_kiosk.search.tokens import Token

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
SMALL_NUMBERS = _SMALL
"""The numbers below twenty, by their words."""
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_TENS["fourty"] = 40
_SCALES = {"hundred": 100, "thousand": 1000}
NUMBER_WORDS = frozenset({*_SMALL, *_TENS, *_SCALES, "half"})
"""The words that numbers are made of."""


class Unit(NamedTuple):
    """A unit: what it measures, and how many base units it is. ``shy`` ones are also everyday words."""

    kind: str
    factor: float
    shy: bool = False


def _units() -> dict[str, Unit]:
    # Base units: metre, litre, gram, watt, volt, milliampere hour, watt hour, hertz, gigabyte, second,
    # decibel, lumen, kelvin, bar, revolution a minute, megabit a second, megapixel, piece.
    table: dict[str, dict[str, float]] = {
        "length": {
            "m metre metres meter meters mtr mtrs": 1,
            "cm centimetre centimetres centimeter centimeters": 0.01,
            "mm millimetre millimetres millimeter millimeters": 0.001,
            "inch inches inchs": 0.0254,
            "ft foot feet": 0.3048,
        },
        "volume": {
            "l litre litres liter liters ltr ltrs": 1,
            "ml millilitre millilitres milliliter milliliters": 0.001,
            "cl centilitre centilitres": 0.01,
            "dl": 0.1,
        },
        "weight": {
            "g gr gram grams gramme grammes": 1,
            "kg kgs kilo kilos kilogram kilograms": 1000,
            "mg": 0.001,
        },
        "power": {"w watt watts": 1, "kw kilowatt kilowatts": 1000},
        "voltage": {"v volt volts": 1},
        "charge": {"mah": 1, "ah": 1000},
        "energy": {"wh": 1, "kwh": 1000},
        "frequency": {"hz hertz": 1, "khz": 1e3, "mhz megahertz": 1e6, "ghz gigahertz": 1e9},
        "data": {"mb megabyte megabytes": 0.001, "gb gigabyte gigabytes": 1, "tb terabyte terabytes": 1000},
        "time": {
            "min mins minute minutes": 60,
            "hour hours hrs hr": 3600,
        },
        "noise": {"db decibel decibels": 1},
        "light": {"lm lumen lumens": 1},
        "colour": {"kelvin": 1},
        "pressure": {"bar": 1},
        "speed": {"rpm": 1},
        "rate": {"mbps mbit": 1, "gbps gbit": 1000},
        "pixels": {"mp megapixel megapixels": 1},
        "pieces": {"pieces piece pcs pc": 1},
    }
    units = {
        word: Unit(kind, factor)
        for kind, members in table.items()
        for words, factor in members.items()
        for word in words.split()
    }
    # Units only where they are glued to the number: "55in", "4h", "2700K", "10A".
    units["in"] = Unit("length", 0.0254, shy=True)
    units["h"] = Unit("time", 3600, shy=True)
    units["k"] = Unit("colour", 1, shy=True)
    return units


UNITS = _units()
"""Every unit by the words for it; ``in``, ``h`` and ``k`` must be glued to their number."""

INCH_MARKS = frozenset({'"', "”", "″", "''", "“"})
_TOLERANCE = {"pieces": 0.0, "data": 0.025, "voltage": 0.0}


def tolerance(kind: str) -> float:
    """How far off a product's measure may be, as a share of what was said.

    A 55 inch screen is 139.7 cm and is called 138 to 140; a terabyte is 1000 gigabytes or 1024.
    """
    return _TOLERANCE.get(kind, 0.015)


def digits(text: str) -> Decimal:
    """A number as written: "1,099" and "1.099" are a thousand and more, "2,5" and "2.5" are two and a half."""
    whole, mark, rest = text.replace(",", ".").rpartition(".")
    grouped = len(rest) == 3 and whole not in {"", "0"}
    if not mark or grouped:
        return Decimal(text.replace(",", "").replace(".", ""))
    return Decimal(f"{whole.replace('.', '')}.{rest}")


def number_at(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """The number that begins at a token, in digits or words, and the position after it."""
    if at >= len(tokens):
        return None
    first = tokens[at]
    if first.kind == "number":
        return digits(first.text), at + 1
    if first.text in _SMALL or first.text in _TENS:
        value, after = _below_hundred(tokens, at)
    elif first.text in {"a", "one"} and _is(tokens, at + 1, "hundred", "thousand"):
        value, after = 1, at + 1
    else:
        return None
    while (scale := _SCALES.get(tokens[after].text if after < len(tokens) else "")) and value < scale:
        value, after = value * scale, after + 1
        rest = after + 1 if _is(tokens, after, "and") else after
        if rest < len(tokens) and (tokens[rest].text in _SMALL or tokens[rest].text in _TENS):
            more, end = _below_hundred(tokens, rest)
            # "between one hundred and two hundred" has two numbers
            if not _is(tokens, end, "hundred", "thousand"):
                value, after = value + more, end
            break
    if _is(tokens, after, "and") and _is(tokens, after + 1, "a") and _is(tokens, after + 2, "half"):
        return Decimal(value) + Decimal("0.5"), after + 3
    return Decimal(value), after


def _below_hundred(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    word = tokens[at].text
    if word in _SMALL:
        return _SMALL[word], at + 1
    after = at + 1
    if after < len(tokens) and tokens[after].text == "-":
        after += 1
    if after < len(tokens) and 0 < _SMALL.get(tokens[after].text, 0) < 10:
        return _TENS[word] + _SMALL[tokens[after].text], after + 1
    return _TENS[word], at + 1


def unit_at(tokens: Sequence[Token], at: int, value: Decimal) -> tuple[Unit, int] | None:
    """The unit that follows a number, with or without a hyphen between, and the position after it."""
    if at >= len(tokens):
        return None
    if tokens[at].text in INCH_MARKS and tokens[at].glued:
        return UNITS["inch"], at + 1
    if tokens[at].text == "-" and tokens[at].glued and at + 1 < len(tokens) and tokens[at + 1].glued:
        at += 1
    token = tokens[at]
    unit = UNITS.get(token.text)
    if unit is None or token.kind != "word" or (unit.shy and not token.glued):
        return None
    # "4K" is a picture and "2 lumen" are two lamps of that brand.
    if unit.kind in {"colour", "light"} and value < (1000 if unit.kind == "colour" else 200):
        return None
    after = at + 1
    if token.text in {"watt", "watts"} and _is(tokens, after, "hour", "hours"):
        return Unit("energy", 1), after + 1
    return unit, after


def _is(tokens: Sequence[Token], at: int, *words: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].text in words
