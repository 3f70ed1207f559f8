"""What somebody wants, read from a whole message: products in words, quantities, measures, prices.

"Two HDMI cables, 2 m, and the cheapest 55 inch TV under 600, and is there a discount?" is two wants. What is
said of a product after a comma belongs to the want before it; words that say nothing about a product belong to
none. No database is asked: a want says what is looked for, :func:`balie_retail_kiosk.search.find` finds it.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from balie_retail_kiosk.search.counts import Count
from balie_retail_kiosk.search.elements import elements
from balie_retail_kiosk.search.limits import Measure, PriceLimit
from balie_retail_kiosk.search.merging import merged
from balie_retail_kiosk.search.parts import Part
from balie_retail_kiosk.search.pieces import Element
from balie_retail_kiosk.search.splitting import split
from balie_retail_kiosk.search.vocabulary import Vocabulary

# Things that are two and are called a pair: one pair is one of them.
_PAIRED = frozenset(
    "headphone headphones earphone earbud glove scissor scissors tweezer tong tongs plier pliers clipper "
    "straightener glasses slipper sock shoe trainer boot".split()
)

# Who tells where it is cheaper names that price, not what they want to spend.
_SEEN = re.compile(
    r"\b(?:match(?:es|ing)?|saw|seen|spotted|found|elsewhere|competitors?|other (?:shop|store)s?|cheaper (?:at|in|on)"
    r"|(?:has|have|sells?|offers?|asks?|charges?)\s+(?:it|this|that|them|the|a|an)\b.*\bfor)\b",
    re.IGNORECASE,
)
# A message of so many words is all about what it names: "shoes".
_BARE = 4


class Want(Struct, frozen=True, kw_only=True):
    """One thing that somebody wants: ``text`` is ``message[start:end]``.

    Attributes:
        quantity: None where none was said; "a" is none.
        words: the catalogue's terms for what was said, in order; with ``context`` and ``unknown`` that is
            all of it.
        groups: for each of ``words`` the terms that stand for it; a product must have one of each.
        head: the terms of the noun that says what it is, if there is one: "cable".
        perhaps: more such groups, of words that people say of anything ("a quiet kettle"): what is called so
            goes first, and where nothing is they said nothing.
        surely: the head is what it is, since something is said to be with it: "a TV with a soundbar".
        context: terms said after "for": what has them too is nearer, what has not is found as well.
        without: terms that a product must not have.
        unknown: words that name nothing in the catalogue, as they were said.
        corrected: words that were taken for misspelt ones, as they were said, each with what it was taken for.
        measures: all of which a product must have.
        price_min, price_max: in euros, both included.
        price: an amount that was said without a limit. It is ``price_max`` too, unless the message says that
            somebody else asks it ("I saw it for 449 euros").
        choice: "cheapest", "dearest" or "best"; of the last no data tell which one it is.
        brand: as it is written in the catalogue.
        category: the slug of the category that is named by its name or a synonym.
        sku, gtin: as said; the digits may be wrong.
        negated: what is not wanted: "not the M50 but the M55", "a toaster instead of the kettle".
        told: somebody only tells of it: "my sister has the M50".
        asked: a verb, a quantity or a "please" says that it is wanted.
        clause: in which clause of the message it is said, from 0.
    """

    start: int
    end: int
    text: str
    quantity: int | None = None
    words: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    head: tuple[str, ...] = ()
    perhaps: tuple[tuple[str, ...], ...] = ()
    surely: bool = False
    context: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    measures: tuple[Measure, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    price: Decimal | None = None
    choice: str | None = None
    brand: str | None = None
    category: str | None = None
    sku: str | None = None
    gtin: str | None = None
    negated: bool = False
    told: bool = False
    asked: bool = False
    clause: int = 0


def read(text: str, words: Vocabulary, *, told: bool = False) -> list[Want]:
    """The wants of a message, in its order; their spans lie in the text and do not overlap.

    A message that asks for something the catalogue does not know ("do you sell unicorns?") is a want whose
    ``words`` are empty and whose ``unknown`` are not.

    Args:
        told: with what is only told about ("I have the M50"), though something is asked for beside it.
    """
    parts = merged(split(elements(text, words), words), words)
    bare = len(text.split()) <= _BARE
    named = [part for part in parts if part.is_named(words) or part.names_category(words, bare=bare)]
    if named:
        chosen = _beside(parts, named if told else _meant(named))
        return [_want(part, text, words) for part in parts if part in chosen]
    meant = [part for part in parts if not part.told] or parts
    wanted = [part for part in meant if part.is_product and (bare or not part.only_corrected)]
    unknown = [part for part in meant if part not in wanted and part.has_content and part.pointed]
    if not wanted and not unknown:
        unknown = [part for part in meant if part.content and (part.sought or bare)][:1]
    unknown = [part for part in unknown if any(not each.known for each in part.content)]
    unknown = [part for part in unknown if part.direct] or unknown
    chosen = [part for part in parts if part in wanted or part in unknown]
    return [_want(part, text, words) for part in chosen]


def _meant(named: list[Part]) -> list[Part]:
    """Without what is only told about ("my sister has the M50, I want the M55"), if anything is left then."""
    return [part for part in named if part.code or not part.told] or named


def _beside(parts: list[Part], meant: list[Part]) -> list[Part]:
    """What is meant, and what is named beside it in the same breath, though the catalogue has no such kind.

    "Two kettles and three unicorns" are two things. "Have a nice day" and "we have two cats" are none.
    """
    chosen = list(meant)
    for place, part in enumerate(parts):
        if part in chosen or part.told or part.negated or not part.content or part.rest:
            continue
        if part.direct and part.wished and not part.is_product:
            chosen.append(part)
            continue
        before = parts[place - 1] if place else None
        joined = part.joint in {"and", "or"} and not part.is_product and not part.only_corrected
        # "The Buds 2 or the Buds Pro": of the same name
        joined = joined or (part.joint in {"and", "or"} and before in chosen and _alike(part, before))
        if part.spoken or part.only_corrected or not (part.pointed or part.direct or part.counts or joined):
            continue
        after = parts[place + 1] if place + 1 < len(parts) else None
        goes_on = part.joint in {",", "and", "or"} and before is not None and before in chosen
        begins = part.direct or (bool(part.counts) and not part.is_product)
        leads = after is not None and after.joint in {",", "and", "or"} and after in chosen and begins
        if goes_on or leads:
            chosen.append(part)
    return chosen


def _alike(part: Part, other: Part) -> bool:
    """Whether all words of it are known and it is called as the other one is, by the first of its words."""
    name, its = part.content[0], {term for each in other.content for term in each.terms}
    return all(each.known for each in part.content) and not name.weak and bool(its & set(name.terms))


def read_one(text: str, words: Vocabulary) -> Want:
    """The text as one want, as in a search field; without content it has neither words nor unknown ones."""
    whole = Part()
    for part in split(elements(text, words), words):
        for name in ("content", "context", "without", "measures", "prices", "counts", "choices", "perhaps"):
            getattr(whole, name).extend(getattr(part, name))
        whole.beside |= part.beside
        whole.code = whole.code or part.code
    strong = [each for each in whole.content if not each.weak]
    if strong and not any(each.known for each in strong):
        whole.content = strong
    if not whole.content and not whole.code:
        whole.content, whole.context = whole.context, []
    return _want(whole, text, words)


def _want(part: Part, text: str, vocabulary: Vocabulary) -> Want:
    known = [each for each in part.words if each.known]
    # A number says it all.
    unknown = [each for each in part.content if not each.known and part.code is None]
    own = [
        *(each for each in part.content if each.known or part.code is None),
        *part.context,
        *part.without,
        *part.extras,
        *(perhaps := _touching(part)),
        *([part.code] if part.code else []),
    ]
    start = min((each.start for each in own), default=0)
    end = max((each.end for each in own), default=0)
    said: list[PriceLimit] = [each.value for each in part.prices]
    limits = [each for each in said if not (each.bare and _SEEN.search(text))]
    terms = tuple(dict.fromkeys(each.terms[0] for each in known))
    groups = tuple(dict.fromkeys(each.terms for each in known))
    head = _head([each for each in known if each.start not in part.beside], vocabulary)
    corrected = ((text[each.start : each.end], each.corrected) for each in known if each.corrected)
    return Want(
        start=start,
        end=end,
        text=text[start:end],
        quantity=_quantity(part),
        words=terms,
        groups=groups,
        head=head,
        perhaps=tuple(each.terms for each in perhaps),
        surely=bool(part.beside),
        context=tuple(term for each in part.context if each.known for term in each.terms[:1]),
        without=tuple(term for each in part.without if each.known for term in each.terms),
        unknown=tuple(text[each.start : each.end] for each in unknown),
        corrected=tuple(dict.fromkeys(corrected)),
        measures=tuple(each.value for each in part.measures),
        price_min=max((each.low for each in limits if each.low is not None), default=None),
        price_max=min((each.high for each in limits if each.high is not None), default=None),
        price=next((each.high for each in said if each.bare), None),
        choice=part.choices[0].value if part.choices else None,
        brand=vocabulary.brand_of(terms),
        category=None if _ends_unknown(part) else vocabulary.category_of(terms, head),
        sku=part.code.value if part.code and part.code.kind == "sku" else None,
        gtin=part.code.value if part.code and part.code.kind == "gtin" else None,
        negated=part.negated,
        told=part.told,
        asked=part.sought or part.polite or bool(part.counts),
        clause=part.clause,
    )


def _touching(part: Part) -> list[Element]:
    """The words that may be the product's, of those that stand beside its own."""
    return [
        each
        for each in part.perhaps
        if any(word.start <= each.end + 1 and each.start <= word.end + 1 for word in part.content)
    ]


def _head(known: Sequence[Element], vocabulary: Vocabulary) -> tuple[str, ...]:
    for element in reversed(known):
        heads = tuple(term for term in element.terms if term in vocabulary.heads)
        if heads:
            return heads
    return ()


def _ends_unknown(part: Part) -> bool:
    """Whether the last word is not known: a "TV unicorn" is no television."""
    return bool(part.content) and not part.content[-1].known


def _quantity(part: Part) -> int | None:
    if not part.counts:
        return None
    count: Count = part.counts[0].value
    if count.pair and count.value and any(term in _PAIRED for word in part.words for term in word.terms):
        return count.value // 2
    return count.value
