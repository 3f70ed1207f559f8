"""How well a product fits what was said: one function, so that every database gives the same order."""

from collections.abc import Sequence
from typing import NamedTuple

from balie_retail_kiosk.search.wants import Want

# What a word counts, by where it was found.
_IN_NAME, _IN_FACTS, _IN_SYNONYMS = 1.0, 0.8, 0.5
# A misspelt word's second and third meaning.
_ALTERNATIVE = 0.8
# The parts of a score; together they are 1.
_WORDS, _COVERAGE, _CATEGORY, _CONTEXT = 0.6, 0.2, 0.15, 0.05


class Candidate(NamedTuple):
    """What the index holds of a product, and whether it is in the category that was named."""

    terms: Sequence[str]
    name_terms: int
    in_category: bool


def score(want: Want, candidate: Candidate) -> float:
    """0 to 1, in ten-thousandths.

    Counts where the words were found, how much of the product's name was said, whether it is in the category
    that was named, and whether it has what was said after "for".
    """
    name = set(candidate.terms[: candidate.name_terms])
    facts = set(candidate.terms)
    points, said = 0.0, 0
    for group in want.groups:
        for place, term in enumerate(group):
            weight = _ALTERNATIVE if place else 1.0
            if term in name:
                points += _IN_NAME * weight
                said += 1
                break
            if term in facts:
                points += _IN_FACTS * weight
                break
        else:
            points += _IN_SYNONYMS
    total = _WORDS * points / len(want.groups)
    total += _COVERAGE * min(1.0, said / len(name)) if name else 0.0
    total += _CATEGORY if candidate.in_category else 0.0
    if want.context:
        total += _CONTEXT * sum(term in facts for term in want.context) / len(want.context)
    return round(total, 4)
