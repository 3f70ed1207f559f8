"""A message as a row of elements: products' words, measures, prices, quantities, and what parts them."""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from balie_retail_kiosk.search import synonyms
from balie_retail_kiosk.search.amounts import NUMBER_WORDS, SMALL_NUMBERS, UNITS, number_at
from balie_retail_kiosk.search.analysis import is_joint, joined, joined_in_digits, number_term
from balie_retail_kiosk.search.counts import Count, count_at, past_time
from balie_retail_kiosk.search.lexicon import (
    DETERMINERS,
    EVERYDAY,
    FUNCTION_WORDS,
    SHOP_WORDS,
    VERBS,
)
from balie_retail_kiosk.search.limits import Measure, limit_at
from balie_retail_kiosk.search.pieces import Element, Said, marker
from balie_retail_kiosk.search.speech import (
    PACKS,
    TALK,
    TOLD,
    gap_of,
    is_time,
    repairs,
    without_fillers,
)
from balie_retail_kiosk.search.spelling import common
from balie_retail_kiosk.search.synonyms import replaced
from balie_retail_kiosk.search.tokens import Token, stem, tokens
from balie_retail_kiosk.search.vocabulary import GRAMMAR, Vocabulary

_GTIN = re.compile(r"(?<![\w-])(?:\d{8}|\d{12,14})(?![\w-])")
_REFERENCE = re.compile(r"(?<![\w-])[QRHMSP]-(?:\d{1,3}|(?=\w*\d)[0-9A-Z]{6})(?![\w-])")
_SKU = re.compile(r"(?<![\w-])(?:[A-Za-z]{1,5}-\d{3,}|[A-Za-z]{2,3}\d{5,})(?![\w-])")


def elements(text: str, vocabulary: Vocabulary) -> list[Element]:
    """The elements of a text, in order, without what says nothing about products."""
    text = without_fillers(text)
    codes = [*_codes(text, vocabulary), *(Element("repair", *span) for span in repairs(text))]
    parts = _respelled(_between(tokens(text), codes), vocabulary)
    found: list[Element] = list(codes)
    words: list[Said] = []

    def flush() -> None:
        found.extend(_phrases(words, vocabulary))
        words.clear()

    at = 0
    while at < len(parts):
        token = parts[at]
        if not token.text:
            flush()
            at += 1
        elif limit := limit_at(parts, at, text, vocabulary.uses):
            flush()
            kind = "measure" if isinstance(limit.value, Measure) else "price"
            found.append(Element(kind, token.start, parts[limit.after - 1].end, limit.value))
            at = _past_pack(parts, limit.after) if kind == "measure" else limit.after
        elif is_time(parts, at) and number_at(parts, at):
            flush()
            at += 1
        elif (count := _count(parts, at, words, vocabulary)) is not None:
            flush()
            found.extend(_counted(parts[at : count.after], count, text))
            at = count.after
        elif (after := past_time(parts, at)) is not None:
            flush()
            at = after
        elif marked := marker(parts, at, words, vocabulary):
            element, at = marked
            flush()
            found.append(element)
        else:
            at = _take(parts, at, text, words, found, flush, vocabulary)
    flush()
    return sorted(found, key=lambda each: each.start)


def _past_pack(parts: Sequence[Token], at: int) -> int:
    return at + 1 if at < len(parts) and parts[at].text in PACKS else at


def _between(parts: Sequence[Token], codes: Sequence[Element]) -> list[Token]:
    """The tokens, with an empty one for each code: what stands on its two sides does not belong together."""
    rest = [part for part in parts if not any(code.start <= part.start < code.end for code in codes)]
    return sorted([*rest, *(Token(code.start, code.end, "", "mark", glued=False) for code in codes)])


def _codes(text: str, vocabulary: Vocabulary) -> list[Element]:
    """Article numbers and scanned digits."""
    found = [Element("gtin", *match.span(), match.group()) for match in _GTIN.finditer(text)]
    # Q-7K2M9P is a quote and S-02 a shop, unless the catalogue has a model of that name.
    found.extend(
        Element("reference", *match.span())
        for match in _REFERENCE.finditer(text)
        if not vocabulary.knows(match.group().replace("-", "").lower())
    )
    # A model may look like an article number: the catalogue knows its words.
    found.extend(
        Element("sku", *match.span(), match.group().upper())
        for match in _SKU.finditer(text)
        if not vocabulary.knows(match.group().replace("-", "").lower())
    )
    return found


def _respelled(parts: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """The tokens with misspelt words of the grammar put right: "chepest", "undr"; products come later."""
    result = []
    for token in parts:
        text = token.text
        if token.kind == "word" and len(text) > 4 and text not in GRAMMAR and not _is_word(text, vocabulary):
            near = vocabulary.spelled(text)
            if near and near[0] in GRAMMAR and not vocabulary.knows(near[0]):
                token = token._replace(text=near[0])
        if token.kind == "word" and not (_is_word(text, vocabulary) or vocabulary.spelled(stem(text))):
            token = token._replace(text=common(text) or token.text)
        result.append(token)
    return result


def _is_word(text: str, vocabulary: Vocabulary) -> bool:
    return any(text in words for words in (FUNCTION_WORDS, SHOP_WORDS, EVERYDAY)) or vocabulary.knows(
        stem(text)
    )


def _counted(said: Sequence[Token], count: Count, text: str) -> Iterator[Element]:
    """A quantity and the size of a pack as elements, each with its own place: "two" and "8-packs"."""
    start, end = said[0].start, (said[-2] if said[-1].text == "of" else said[-1]).end
    if count.pack is not None:
        numbers = [token.start for token in said if token.kind == "number" or token.text in NUMBER_WORDS]
        size = start if count.value is None else numbers[-1]
        measure = Measure("pieces", count.pack, count.pack, text[size:end])
        yield Element("measure", size, end, measure)
        end = size
    if count.value is not None:
        yield Element("count", start, start + len(text[start:end].rstrip()), count)


def _count(parts: Sequence[Token], at: int, words: list[Said], vocabulary: Vocabulary) -> Count | None:
    """A quantity, where a number is not rather a part of a name ("USB 3", "a 55 TV", "this one")."""
    count = count_at(parts, at)
    if count is None or count.pack is not None:
        return count
    before = parts[at - 1].text if at else ""
    number = parts[at]
    if number.kind == "code" and vocabulary.knows(number.text):
        return None
    within = bool(words) or before in {"with", "for"}
    if within and count.after == at + 1 < len(parts) and joined(number, parts[at + 1]) in vocabulary.uses:
        return None  # "power strip, 3 sockets"
    named = parts[at + 1] if count.after == at + 1 < len(parts) and parts[at + 1].kind == "word" else None
    if named is not None and joined_in_digits(number, named) in vocabulary.uses:
        # "A two slice toaster"; but "two cups"
        further = parts[at + 2] if at + 2 < len(parts) else None
        if before in DETERMINERS or (further is not None and vocabulary.knows(stem(further.text))):
            return None
    if count.after == at + 1 and ((number.text == "one" and _is_pronoun(parts, at)) or before in {"a", "an"}):
        return None
    if number.kind == "number" and count.after == at + 1:
        known = vocabulary.knows(number_term(number.text))
        if before == "the":
            return None
        # "TV 55", "55 TV"; "55 TVs" are many
        many = count.value is not None and count.value > 12
        code = count.after < len(parts) and not parts[count.after].text
        if known and many and not code and not _plural(parts[count.after :]):
            return None
        # "Aria 2" is a name; "haz 2 kettles" counts
        begins = bool(words) and not words[-1].known and bool(_plural(parts[count.after : count.after + 1]))
        if words and not begins and not any(choice in vocabulary.heads for choice in words[-1].choices):
            return None
    return count


def _is_pronoun(parts: Sequence[Token], at: int) -> bool:
    """Whether "one" stands for a product: "this one", "the cheapest one", "the Shore one"."""
    if not at or parts[at - 1].kind not in {"word", "code"}:
        return False
    before, following = parts[at - 1].text, parts[at + 1] if at + 1 < len(parts) else None
    # "The bear one blue"
    if at > 1 and parts[at - 2].text in DETERMINERS - {"a", "an"} and parts[at].text == "one":
        return True
    ends = following is None or following.kind == "mark" or following.text in FUNCTION_WORDS
    return before in {*DETERMINERS, "which", "no"} - {"a"} or (ends and before not in FUNCTION_WORDS)


def _plural(parts: Sequence[Token]) -> bool:
    return any(part.kind == "word" and stem(part.text) != part.text for part in parts[:5])


def _take(
    parts: list[Token],
    at: int,
    text: str,
    words: list[Said],
    found: list[Element],
    flush: Any,
    vocabulary: Vocabulary,
) -> int:
    """Take the word at a token into ``words``, with what hangs on it or was parted by a space."""
    token = parts[at]
    if token.kind == "mark":
        return at + 1
    after = at + 1
    whole = number_term(token.text)
    if token.kind == "number" and after < len(parts) and parts[after].glued and parts[after].kind != "mark":
        whole, after = whole + parts[after].text, after + 1
    while after + 1 < len(parts) and is_joint(parts, after):
        whole, after = whole + number_term(parts[after + 1].text), after + 2
    whole = stem(whole)
    if after > at + 1:
        if vocabulary.knows(whole) or (whole,) in _one_word_phrases():
            words.append(Said(token.start, parts[after - 1].end, (whole,), known=True))
            return after
        if token.kind == "number":
            words.append(Said(token.start, parts[after - 1].end, (whole,), known=False))
            return after
        after = at + 1
        whole = stem(token.text)
    counts = token.kind == "number" or token.text in NUMBER_WORDS
    is_word = after < len(parts) and parts[after].kind == "word"
    counted = joined_in_digits(token, parts[after]) if counts and is_word else ""
    if counted in vocabulary.uses and limit_at(parts, at, text, vocabulary.uses) is None:
        words.append(Said(token.start, parts[after].end, (counted,), known=True))
        return after + 1
    if (named := _named_in_words(parts, at, vocabulary)) is not None:
        words.append(Said(token.start, parts[after].end, (f"{whole} {named}",), known=True))
        return after + 1
    is_name = bool(words) and any(choice in vocabulary.brand_terms for choice in words[-1].choices)
    if _goes_with_next(parts, at, text, vocabulary, is_name=is_name):
        together = joined(token, parts[after])
        if parts[after].kind == "number" and token.text not in FUNCTION_WORDS:
            together = f"{whole} {together}"  # "hub 2" is a hub too
        words.append(Said(token.start, parts[after].end, (together,), known=True))
        return after + 1
    if _may_name(parts, at, words, whole, vocabulary):
        found.append(Element("perhaps", token.start, token.end, terms=(whole,)))
        return after
    if token.text in NUMBER_WORDS or _says_nothing(token.text, whole, vocabulary):
        # A phrase goes on over "of" and "the", not over a verb.
        if token.text not in {"of", "in"}:
            flush()
        found.append(_said_around(parts, at))
        return after
    words.append(_word(token, whole, vocabulary))
    return after


def _named_in_words(parts: Sequence[Token], at: int, vocabulary: Vocabulary) -> str | None:
    """A model whose number is said in words, as one term: "the Juice two"; "a hub, two cables" has none."""
    number = parts[at + 1] if at + 1 < len(parts) else None
    if parts[at].kind != "word" or number is None or number.text not in SMALL_NUMBERS:
        return None
    if joined(parts[at], number) in vocabulary.uses:
        return None  # the catalogue has it in words
    term = f"{stem(parts[at].text)}{SMALL_NUMBERS[number.text]}"
    following = parts[at + 2] if at + 2 < len(parts) else None
    counts = following is not None and following.kind != "mark" and vocabulary.knows(stem(following.text))
    return term if term in vocabulary.uses and not counts else None


def _said_around(parts: Sequence[Token], at: int) -> Element:
    """A word that names no product, and what it does."""
    token = parts[at]
    if token.text in {"one", "ones", "kind", "kinds"}:
        return Element("pronoun", token.start, token.end, token.text)
    if token.text in {"please", "pls", "plz"}:
        return Element("polite", token.start, token.end)
    following = parts[at + 1].text if at + 1 < len(parts) else ""
    return Element("gap", token.start, token.end, gap_of(token, following))


@functools.cache
def _one_word_phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(
        phrase for pairs in synonyms.table().values() for phrase, _one in pairs if len(phrase) == 1
    )


def _goes_with_next(
    parts: Sequence[Token], at: int, text: str, vocabulary: Vocabulary, *, is_name: bool
) -> bool:
    """Whether two words are one in the catalogue: "usb c", "sound bar", "hub 2"; ``is_name`` after a brand."""
    if at + 1 >= len(parts) or parts[at + 1].kind == "mark":
        return False
    token, following = parts[at], parts[at + 1]
    together = joined(token, following)
    if len(together) < 3 or together not in vocabulary.uses or (token.text in FUNCTION_WORDS and not is_name):
        return False
    # "Power strip 3 sockets": the number is of what follows it.
    further = parts[at + 2] if at + 2 < len(parts) else None
    if further is not None and following.kind == "number" and joined(following, further) in vocabulary.uses:
        return token.text in FUNCTION_WORDS
    return limit_at(parts, at + 1, text, vocabulary.uses) is None


def _may_name(
    parts: Sequence[Token], at: int, words: Sequence[Said], stemmed: str, vocabulary: Vocabulary
) -> bool:
    """Whether a word that people in a shop say of anything stands where it may be a product's: "quiet kettle"."""
    if (
        parts[at].text not in SHOP_WORDS
        or stemmed not in vocabulary.uses
        or stemmed in vocabulary.category_terms
    ):
        return False
    following = parts[at + 1] if at + 1 < len(parts) else None
    if following is None or following.kind == "mark" or following.text in {"and", "or"}:
        # "The H30 black and the H30 colour"; but "does it fit"
        return bool(words) and words[-1].known and stemmed not in VERBS
    return following.kind in {"word", "code"} and _is_product_word(stem(following.text), vocabulary)


def _is_product_word(stemmed: str, vocabulary: Vocabulary) -> bool:
    known = vocabulary.knows(stemmed) or stemmed in synonyms.words()
    return known and stemmed not in FUNCTION_WORDS and stemmed not in SHOP_WORDS


def _says_nothing(text: str, stemmed: str, vocabulary: Vocabulary) -> bool:
    if text in FUNCTION_WORDS or (text in UNITS and len(text) > 4 and not vocabulary.knows(stemmed)):
        return True
    if text in SHOP_WORDS or stemmed in SHOP_WORDS:
        return stemmed not in vocabulary.category_terms
    if text in TALK or text in TOLD:
        return not vocabulary.knows(stemmed)
    return stemmed in vocabulary.places or (len(text) == 1 and not vocabulary.knows(text))


def _word(token: Token, stemmed: str, vocabulary: Vocabulary) -> Said:
    weak = stemmed in SHOP_WORDS or any(token.text in words for words in (SHOP_WORDS, TALK, TOLD))
    here = (token.start, token.end)
    if vocabulary.knows(stemmed) or stemmed in synonyms.words():
        return Said(*here, (stemmed,), known=True, weak=weak)
    for cut in range(3, len(stemmed) - 2):
        # "hdmicable"
        first, second = stemmed[:cut], stemmed[cut:]
        if vocabulary.uses.get(first) and vocabulary.uses.get(second):
            return Said(*here, (f"{first} {second}",), known=True)
    if token.kind == "word" and (near := vocabulary.spelled(stemmed)):
        return Said(*here, near, known=True, corrected=True)
    return Said(*here, (stemmed,), known=False)


def _phrases(words: Sequence[Said], vocabulary: Vocabulary) -> list[Element]:
    """The words with phrases of several replaced by the term that stands for them."""
    flat: list[str] = []
    owner: list[int] = []
    for place, word in enumerate(words):
        for term in word.choices[0].split():
            flat.append(term)
            owner.append(place)
    result = []
    for term, first, after in replaced(flat):
        said = [words[owner[place]] for place in range(first, after)]
        others = said[0].choices[1:] if len(said) == 1 else ()
        terms = (term, *(new for choice in others for new, _first, _after in replaced(choice.split())))
        known_terms = tuple(dict.fromkeys(each for each in terms if vocabulary.knows(each)))
        result.append(
            Element(
                "word",
                said[0].start,
                said[-1].end,
                terms=known_terms or terms[:1],
                known=bool(known_terms),
                corrected=" ".join(each.choices[0] for each in said)
                if any(e.corrected for e in said)
                else "",
                weak=all(each.weak for each in said) or term.replace("_", "").isdigit(),
            )
        )
    return result
