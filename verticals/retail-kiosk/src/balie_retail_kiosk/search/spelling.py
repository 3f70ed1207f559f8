"""The commonest words that say nothing of a product, as they are mistyped: "teh", "stok", "avalable"."""

import functools

from rapidfuzz import process
from rapidfuzz.distance import OSA

_COMMON = """
    and any are available been could currently does each from give have here how looking many much need other
    please price show sell some still stock than thanks that the their them there these they this those today
    together want what when where which with would you your
""".split()
# Two slips only in a word as long as this one, and one that is no mere swap only in one of four letters.
_LONG, _SHORT = 8, 4


@functools.lru_cache(maxsize=4_096)
def common(word: str) -> str | None:
    """The word that a mistyped one was meant to be, or None; it begins with the same letter."""
    if len(word) < len("the"):
        return None
    near = process.extract(
        word, _COMMON, scorer=OSA.distance, score_cutoff=2 if len(word) >= _LONG else 1, limit=None
    )
    swapped = [one for one, _far, _place in near if one[0] == word[0] and sorted(one) == sorted(word)]
    slips = [one for one, _far, _place in near if one[0] == word[0] and len(word) >= _SHORT]
    return next(iter(swapped + slips), None)
