"""The shapes of numbers, and the words that everything else goes by."""

import re

from balie_retail_kiosk.services.numbers import ALPHABET

SKU = re.compile(r"\bHH-\d{5}\b", re.IGNORECASE)
# A member's card is a bar code of the range that GS1 leaves to shops themselves, beginning with 29 (RK-4).
CARD = re.compile(r"(?<![\w-])29\d{11}(?![\w-])")
# What a scanner types, and what comes near: a digit lost or doubled is told, not searched for.
BARCODE = re.compile(r"(?<![\w.,-])(?!29\d{11}(?!\d))(?:\d{7,8}|\d{11,15})(?![\w-]|[.,]\d)")
_SIGN = rf"[{ALPHABET}ILO]"
# A sign of a number in parts: no part is a word ("Q 55 inch").
_PART = rf"(?!\b[a-z]{{2,}}\b){_SIGN}"
_SPOKEN = "zero one two three four five six seven eight nine".split()
SPOKEN_DIGITS = {word: str(digit) for digit, word in enumerate(_SPOKEN)}
"""Digits as they are said."""


def _drawn(letter: str, name: str) -> re.Pattern[str]:
    """A number as it is drawn, with its six signs in the group that matched.

    Whole ("Q-7K3F9M"), in parts ("q 7k3 f9m", "quote number 7K3 F9M") or sign by sign ("q seven k three …").
    Without its hyphen only with a digit in it: "reserve" and "receipt" are no numbers.
    """
    called = rf"(?:{name}\s+(?:(?:number|no\.?|nr\.?|code)\s+)?)"
    numbered = rf"(?:{name}\s+)?(?:number|no\.?|nr\.?|code)\s+"
    six = rf"{_PART}(?:[\s._–-]*{_PART}){{5}}\b"
    sign = rf"(?:{'|'.join(_SPOKEN)}|[a-z0-9])\b"
    whole = rf"{called}?{letter}(?:-|\s?(?=[a-z]*\d))({_SIGN}{{6}})\b"
    in_parts = rf"(?:{called}?{letter}[\s._–-]+|{numbered})(?=[^\d]{{0,9}}\d)({six})"
    bare = rf"{name}\s+(?=[a-z]*\d[a-z]*)(?=\d*[a-z])({_SIGN}{{6}})\b"
    spoken = rf"{called}?{letter}[\s,-]+({sign}(?:[\s,-]+{sign}){{5}})"
    return re.compile(rf"\b(?:{whole}|{in_parts}|{bare}|{spoken})", re.IGNORECASE)


QUOTE = _drawn("Q", "quote")
RESERVATION = _drawn("R", "reservation")
# The answer to "which number?" may leave out its letter.
DRAWN = re.compile(
    rf"^\W*(?:it'?s\s+|it is\s+|number\s+)?(?=\D*\d)({_SIGN}(?:[\s._–-]*{_SIGN}){{5}})\W*$", re.IGNORECASE
)
CALL = re.compile(r"\b(?:call\s+(?:number\s+|no\.?\s*)?)?H-(\d{1,6})\b|\bcall\s+(\d{1,6})\b", re.IGNORECASE)
MATCH = re.compile(
    r"\b(?:(?:price\s+)?match\s+(?:request\s+)?(?:number\s+|no\.?\s*)?)?M-(\d{1,6})\b|\bmatch\s+(\d{1,6})\b",
    re.IGNORECASE,
)

MENTIONS = (
    (SKU, "the product", "product"),
    (SKU, "the product", "items"),
    (SKU, "the product", "products"),
    (CARD, "my member card", "member"),
    (BARCODE, "the product", "product"),
    (BARCODE, "the product", "items"),
    (BARCODE, "the product", "products"),
    (QUOTE, "the quote", "quote"),
    (RESERVATION, "the reservation", "reservation"),
    (CALL, "the call", "call"),
    (MATCH, "the price match", "match"),
)
"""What an encoder can't know by itself, see :class:`balie.agent.team.Team`."""

SHORTCUTS = (
    (SKU, "product_details"),
    (CARD, "make_quote"),
    (BARCODE, "product_details"),
    (QUOTE, "open_quote"),
    (QUOTE, "print_quote"),
    (RESERVATION, "open_reservation"),
    (RESERVATION, "cancel_reservation"),
)
"""What a whole message of this shape means; the first that the caller may use."""

NUMBER_WORDS = {
    word: value
    for value, words in {
        1: "one", 2: "two couple pair", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight",
        9: "nine", 10: "ten", 11: "eleven", 12: "twelve dozen", 13: "thirteen", 14: "fourteen", 15: "fifteen",
        16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen", 20: "twenty",
    }.items()
    for word in words.split()
}  # fmt: skip

COUNT = re.compile(
    rf"(?<![\w.,-])(\d{{1,5}}|{'|'.join(NUMBER_WORDS)})(?![\w-]|[.,]\d)(?!\s*(?:inch|cm|m|mm|w|l|kg|g|gb|tb|euros?|€)\b)",
    re.IGNORECASE,
)
"""How many, in digits or in words, where nothing else is counted."""

POINTING = re.compile(
    r"\b(?:it|its|it's|that|these|those|them|they|they're|same|one|ones|both|all"
    r"|this(?! (?:week|month|weekend|shop|store|morning|afternoon|evening|moment)))\b",
    re.IGNORECASE,
)
"""Words that mean what was spoken of."""

SEVERAL = re.compile(r"\b(?:these|those|them|they|all|everything)\b", re.IGNORECASE)
"""Words that mean all that was spoken of."""

_ORDINALS = {"first": 0, "second": 1, "third": 2, "last": -1}
ORDINAL = re.compile(
    rf"\b(?:the\s+)?(?P<word>{'|'.join(_ORDINALS)})\b(?:\s+(?:one|product|option|of\s+(?:them|those|these)))?"
    r"|\b(?:number|option|no\.?|nr\.?)\s*(?P<digit>[1-9])\b",
    re.IGNORECASE,
)
OTHER = re.compile(r"\bthe other(?:\s+one)?\b", re.IGNORECASE)
"""Of two that were shown, the one that was not taken."""
FIRST_FEW = re.compile(
    r"\b(?:the\s+)?first\s+(two|three|2|3)\b|\b(both)\b|\ball\s+(three|3)\b", re.IGNORECASE
)
CHEAPEST = re.compile(r"\b(?:cheapest|cheaper|least expensive|lowest price[d]?)\b", re.IGNORECASE)
DEAREST = re.compile(r"\b(?:dearest|dearer|more expensive|most expensive|priciest)\b", re.IGNORECASE)


CURRENCY = frozenset({"€", "euro", "euros", "eur"})
MONEY = re.compile(
    r"(?:(?P<lead>€|\b(?:euros?|eur|for|at|only|is|costs?|asks?|price(?:d)?(?: of| at)?)\b)\s*)?"
    r"(?<![\w.,-])(?P<number>\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{2})?|\d{1,6}(?:[.,]\d{1,2})?)(?![\w]|[.,]\d)(?:,-)?"
    r"(?P<unit>\s*(?:€|euros?\b|eur\b))?"
    r"(?!\s*(?:\"|(?:inch|cm|mm|m|w|watts?|l|ml|kg|g|gb|tb|pieces?|k|hz)\b))",
    re.IGNORECASE,
)
"""An amount of euros, in digits; not what is counted in another unit."""

# "Switch the kettle for …" is an order, "switch power strips" and "the Drop speaker" are called so.
_DONE_TO = r"(?=\s+(?:(?:th|it|my|our|one|two|an?\b|from|to|for|out|over)|\d)|\W*$)"
ORDERS = re.compile(
    rf"\b(?:add|swap|(?:drop|switch){_DONE_TO}|replace|remove|removing|delete|skip|scrap|ditch|without|minus|except|"
    r"make(?! (?:that|it)\b)|change|leave out|leave off|take off|take out|get rid of|difference between|bundles?)\b",
    re.IGNORECASE,
)
"""What is done with a list of products; the words are no product's."""

SWAP = re.compile(
    rf"\b(?:swap|switch{_DONE_TO}|replace|change|exchange)\b.+?\b(?P<into>for|with|to|into|by)\b",
    re.IGNORECASE,
)
"""One product in the place of another; ``into`` stands between them."""


ANOTHER_WISH = re.compile(
    r"\b(?:quote|reserve|reservation|print|cancel|compare|where|opening|add|call|offers?|discounts?|promotions?|how much)\b",
    re.IGNORECASE,
)
"""Words that an answer to the question which product is meant does not have."""


# Said around what is wanted, and no part of it.
_AROUND = re.compile(
    r"\b(?:be back|back (?:again|in stock)|put aside|aside|altogether|all together|in total|hold (?:on to )?|"
    r"set aside|again|(?:what'?s|what (?:is|would be)) the damage|the damage)\b",
    re.IGNORECASE,
)
_BESIDES = re.compile(
    r"\b(?:accessor(?:y|ies)|add-?ons?|extras?|alternatives?|replacements?|substitutes?)\b", re.IGNORECASE
)
# "A pack of batteries" is batteries.
_PACKED = re.compile(
    r"(?<!\d )(?<!\d-)(?<!\d)\b(?:packs?|packets?|packages?|box(?:es)?|bags?) of\b|\bpacks\b", re.IGNORECASE
)


# "Is the M55 bigger than the M50?" names two; "longer than 2 m" is what one must be.
_BESIDE = re.compile(
    r"\b(?P<into>versus|vs\.?|(?:(?!rather)\w+er|better|worse|more \w+|less \w+) than)(?= (?:the|a|an|that|this|HH-)\b)",
    re.IGNORECASE,
)


FITTING = re.compile(
    r"\b(?:fits?|fitting|suits?|(?:goes?|belongs?|works?)(?: well)? (?:in|into|on|onto|to|with)|(?:made |meant )?for)\b",
    re.IGNORECASE,
)
"""After these comes what an accessory is for: "which bags fit the B5"."""

# What a tool is about besides products, by its name.
_BESIDE_PRODUCTS = {
    "request_price_match": MONEY,
    "find_accessories": _BESIDES,
    "find_alternatives": _BESIDES,
}


def blanked(text: str, tool: str = "") -> str:
    """The text with spaces where something stands that names no product, so that places stay what they are.

    Args:
        tool: what is asked for: its own words, and the amounts of a price match, name no product either.
    """
    own = [_BESIDE_PRODUCTS[tool]] if tool in _BESIDE_PRODUCTS else []
    for shape in (CARD, QUOTE, RESERVATION, FIRST_FEW, ORDINAL, _PACKED, _AROUND, *own):
        text = shape.sub(lambda found: " " * len(found.group()), text)
    if tool == "find_accessories" and (found := FITTING.search(text)):
        start, end = found.span()
        text = f"{text[:start]}.{' ' * (end - start - 1)}{text[end:]}"
    for found in (SWAP.search(text), _BESIDE.search(text)):
        if found:
            start, end = found.span("into")
            text = f"{text[:start]},{' ' * (end - start - 1)}{text[end:]}"
    return ORDERS.sub(lambda found: " " * len(found.group()), text)


def place_of(found: re.Match[str]) -> int:
    """Which of a list an ordinal means; -1 is the last."""
    return _ORDINALS[found["word"].lower()] if found["word"] else int(found["digit"]) - 1


def count_of(word: str) -> int:
    """A number in digits or words."""
    return int(word) if word.isdigit() else NUMBER_WORDS[word.lower()]
