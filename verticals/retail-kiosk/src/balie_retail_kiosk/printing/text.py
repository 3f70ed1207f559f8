"""Text in the characters that a font or a code page has."""

import unicodedata
from collections.abc import Callable

# What reads as well in plain characters; everything else loses its accents, or is a question mark.
_PLAINER = str.maketrans(
    {
        "×": "x",
        "“": '"',
        "”": '"',
        "„": '"',
        "″": '"',
        "‘": "'",
        "’": "'",
        "′": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "·": "-",
        "•": "-",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "ĳ": "ij",
    }
)


def encodable(text: str, has: Callable[[str], bool]) -> str:
    """The text, with what can't be printed replaced by what comes nearest.

    Args:
        has: whether a character can be printed.

    >>> encodable("€ 5 – café, €1", str.isascii)
    'EUR 5 - cafe, EUR 1'
    """
    written = unicodedata.normalize("NFC", text)
    letters = "".join(" " if letter.isspace() else letter for letter in written)
    if not has("€"):
        letters = letters.replace("€ ", "EUR ").replace("€", "EUR ")
    return "".join(letter if has(letter) else _nearest(letter, has) for letter in letters)


def _nearest(letter: str, has: Callable[[str], bool]) -> str:
    plainer = unicodedata.normalize("NFKD", letter.translate(_PLAINER))
    kept = "".join(each for each in plainer if has(each))
    # A mark that combines with nothing is left out; a letter that nothing comes near is told to be missing.
    return kept or ("" if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf" else "?")
