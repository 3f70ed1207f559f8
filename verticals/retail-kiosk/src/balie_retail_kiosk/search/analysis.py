"""The terms and measures of a catalogue's text: what the index holds of a name, a category, an attribute."""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from balie_retail_kiosk.search.amounts import NUMBER_WORDS, SMALL_NUMBERS, tolerance
from balie_retail_kiosk.search.lexicon import FUNCTION_WORDS
from balie_retail_kiosk.search.limits import Measure, limit_at, measure_of
from balie_retail_kiosk.search.synonyms import replaced
from balie_retail_kiosk.search.tokens import Token, stem, tokens

LONGEST_TERM = 60
_AND = re.compile(r"\s*(?:,|/|&|\band\b|\bor\b)\s*")
_WITH = re.compile(r"\s+(?:with|for|without)\s+|,")


class Analysed(NamedTuple):
    """Terms in the order of the text, each once; measures as kind, low, high in base units.

    ``bound`` are terms for what stands together in a name and would else be read apart: the 2 of "Hub 2" is
    no quantity, nor is the 3 of "3 Sockets"; "Wet and Dry" are not two things.
    """

    terms: tuple[str, ...]
    measures: tuple[tuple[str, float, float], ...] = ()
    bound: tuple[str, ...] = ()


def analysed(text: str, *, parts: bool = True) -> Analysed:
    """What the index holds of a text.

    A unit is no term but its number is, since a "55 inch TV" is also asked for as "the 55".

    Args:
        text: as in the catalogue.
        parts: also give the parts of a word with a hyphen, as the index needs them: "usb" of "USB-C".
    """
    pieces = tokens(text)
    found: list[tuple[str, float, float]] = []
    words: list[str] = []
    rest: list[Token | None] = []
    at = 0
    while at < len(pieces):
        token = pieces[at]
        if token.kind == "number":
            limit = limit_at(pieces, at, text)
            if limit and isinstance(limit.value, Measure):
                found.append(_exact(limit.value))
                words.extend(
                    number_term(each.text) for each in pieces[at : limit.after] if each.kind == "number"
                )
                rest.append(None)
                at = limit.after
                continue
        # What a comma parts does not stand together: "Toaster Basic 2, White" has no "2 white".
        if token.kind != "mark" or token.text in {"&", ","}:
            rest.append(None if token.text == "," else token)
        at = _word(pieces, at, words, parts=parts)
    terms = dict.fromkeys(
        term[:LONGEST_TERM] for term, _first, _after in replaced(words) if term not in FUNCTION_WORDS
    )
    return Analysed(tuple(terms), tuple(dict.fromkeys(found)), (*_bound(rest), *_twice(words)))


def both_ends(term: str) -> str:
    """What "USB-C to USB-C" is, which else would be no more than USB-C."""
    return f"{term}to{term}"[:LONGEST_TERM]


def _twice(words: list[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        # Of "USB-C" its part "usb" comes first.
        if word == "to" and at and words[at - 1] in words[at + 1 : at + 3]:
            yield both_ends(words[at - 1])


def _bound(pieces: list[Token | None]) -> Iterator[str]:
    for place, one in enumerate(pieces[:-1]):
        two = pieces[place + 1]
        if one is None or two is None or one.text == "&":
            continue
        if two.text in {"and", "&"}:
            three = pieces[place + 2] if place + 2 < len(pieces) else None
            if three is not None:
                yield f"{stem(one.text)}and{stem(three.text)}"[:LONGEST_TERM]
        elif _is_number(two) and not _is_number(one):
            yield joined(one, two)[:LONGEST_TERM]
        elif _is_number(one) and not _is_number(two):
            # The 3 of "Strip 3 Sockets" counts, that of "Scout 3 Robot Vacuum" is the model's.
            follows = place > 0 and pieces[place - 1] is not None
            if not follows or stem(two.text) != two.text or one.text == "single":
                yield joined(one, two)[:LONGEST_TERM]


def joined(one: Token, two: Token) -> str:
    """Two tokens as one term."""
    return stem(number_term(one.text) + stem(number_term(two.text)))


def joined_in_digits(one: Token, two: Token) -> str:
    """The same, with a number in words as digits: "two slice" is "2slice"."""
    return f"{SMALL_NUMBERS.get(one.text, one.text)}{stem(two.text)}"


def _is_number(token: Token) -> bool:
    return (
        (token.kind == "number" and len(token.text) < 5)
        or token.text in NUMBER_WORDS
        or token.text == "single"
    )


def _word(pieces: list[Token], at: int, words: list[str], *, parts: bool) -> int:
    """Add the word at a token, with what hangs on it: "USB-C" is one, "4K" too."""
    token = pieces[at]
    if token.kind == "mark":
        return at + 1
    after = at + 1
    if token.kind == "number":
        if after < len(pieces) and pieces[after].glued and pieces[after].kind in {"word", "code"}:
            words.append(number_term(token.text) + pieces[after].text)
            return after + 1
        words.append(number_term(token.text))
        return after
    compound = [token.text]
    while after + 1 < len(pieces) and is_joint(pieces, after):
        compound.append(number_term(pieces[after + 1].text))
        after += 2
    if len(compound) > 1:
        if parts:
            words.extend(stem(each) for each in compound if len(each) > 1 and not each.isdigit())
        words.append(stem("".join(compound)))
        return after
    words.append(stem(token.text))
    return after


def is_joint(parts: list[Token], at: int) -> bool:
    """Whether a hyphen or a point makes one word of what stands on its two sides."""
    return (
        at + 1 < len(parts)
        and parts[at].text in {"-", "."}
        and parts[at].glued
        and parts[at + 1].glued
        and parts[at + 1].kind != "mark"
    )


def number_term(text: str) -> str:
    """A number as a term: "2.1" is "2_1"."""
    return text.replace(",", ".").replace(".", "_")


def _exact(measure: Measure) -> tuple[str, float, float]:
    """The measure without the tolerance that reading gives it."""
    slack = tolerance(measure.kind)
    return measure.kind, round(measure.low / (1 - slack), 9), round(measure.high / (1 + slack), 9)


@functools.lru_cache(maxsize=20_000)
def analysed_attribute(name: str, value: str | int | float | bool) -> Analysed:
    """What the index holds of an attribute: a text's words, a number's measure, the name of what is true."""
    if isinstance(value, bool):
        return Analysed(analysed(_said(name)).terms) if value else Analysed(())
    if isinstance(value, str):
        return analysed(value)
    measure = measure_of(name, float(value))
    if measure is not None:
        return Analysed((), ((measure[0], measure[1], measure[1]),))
    # "slices" of 2: a two slice toaster
    return Analysed((f"{number_term(f'{value:g}')}{stem(name.rsplit('_', 1)[-1])}"[:LONGEST_TERM],))


def _said(name: str) -> str:
    words = [word for word in name.split("_") if word not in {"has", "is", "included", "with"}]
    return " ".join(words)


@functools.lru_cache(maxsize=2_000)
def heads(name: str) -> tuple[str, ...]:
    """The nouns that say what a thing is: the last word of each part of a category's name or synonym.

    "Coffee and tea" has two, "vacuum cleaner bags" has one, "mats for washing machines" has "mat".
    """
    found = []
    for part in _AND.split(_WITH.split(name.lower())[0]):
        terms = [term for term in analysed(part).terms if not term.isdigit()]
        if terms:
            found.append(terms[-1])
    return tuple(dict.fromkeys(found))
