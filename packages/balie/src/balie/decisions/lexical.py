"""The words of a message as numbers: hashed character n-grams and word pairs.

A sentence vector knows what a message is about and forgets how it is put; the n-grams know the wording and
no meaning. Heads read both: they tell apart what the vector alone runs together (a parcel to be tracked, a
parcel to be sent back), and a typo costs a few n-grams only.
"""

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

WIDTH = 4096
"""Buckets that the n-grams are hashed into."""

_SHORTEST, _LONGEST = 2, 5
_LONG_NUMBER = re.compile(r"\d{3,}")
_DIGIT = re.compile(r"\d")
_READ_CHARACTERS = 2000

Terms = list[tuple[int, float]]
"""The buckets that a text fills, each with 1 + ln(how often)."""


def prepared(text: str) -> str:
    """A message as encoders are shown it for a decision: which number it is must not decide what is meant."""
    return _LONG_NUMBER.sub("12345", unicodedata.normalize("NFKC", text))


def terms(text: str) -> Terms:
    """The n-grams of a message, hashed. The same everywhere: CRC-32 of their UTF-8, modulo :data:`WIDTH`."""
    found = Counter(zlib.crc32(gram.encode()) % WIDTH for gram in _grams(text))
    return [(bucket, 1 + math.log(count)) for bucket, count in sorted(found.items())]


def all_terms(texts: Sequence[str]) -> list[Terms]:
    """The terms of each text."""
    return [terms(text) for text in texts]


def _grams(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKC", text[:_READ_CHARACTERS]).casefold()
    words = _DIGIT.sub("0", plain).split()
    for word in words:
        framed = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            if length >= len(framed):
                yield framed
                break
            for start in range(len(framed) - length + 1):
                yield framed[start : start + length]
    for first, second in pairwise(words):
        yield f"{first}\0{second}"
