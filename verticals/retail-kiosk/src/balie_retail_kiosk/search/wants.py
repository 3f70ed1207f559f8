"""What somebody wants, read from a whole message: products in words, quantities, measures, prices.

"Two HDMI cables, 2 m, and the cheapest 55 inch TV under 600, and is there a discount?" is two wants. What is
said of a product after a comma belongs to the want before it; words that say nothing about a product belong to
none. No database is asked: a want says what is looked for, :func:`balie_retail_kiosk.search.find` finds it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from msgspec import Struct

from balie_retail_kiosk.search.counts import Count
from balie_retail_kiosk.search.elements import Element, elements
from balie_retail_kiosk.search.lexicon import VERBS
from balie_retail_kiosk.search.limits import Measure, PriceLimit
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
_BARE = 3


class Want(Struct, frozen=True, kw_only=True):
    """One thing that somebody wants: ``text`` is ``message[start:end]``.

    Attributes:
        quantity: None where none was said; "a" is none.
        words: the catalogue's terms for what was said, in order; with ``context`` and ``unknown`` that is
            all of it.
        groups: for each of ``words`` the terms that stand for it; a product must have one of each.
        head: the terms of the noun that says what it is, if there is one: "cable".
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
    """

    start: int
    end: int
    text: str
    quantity: int | None = None
    words: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    head: tuple[str, ...] = ()
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


@dataclass
class _Part:
    """A stretch of the message between two separators, or what becomes one want."""

    joint: str = ""
    content: list[Element] = field(default_factory=list)
    context: list[Element] = field(default_factory=list)
    without: list[Element] = field(default_factory=list)
    place: list[Element] = field(default_factory=list)
    """Unknown words after "at": where somebody saw it."""
    measures: list[Element] = field(default_factory=list)
    prices: list[Element] = field(default_factory=list)
    counts: list[Element] = field(default_factory=list)
    choices: list[Element] = field(default_factory=list)
    code: Element | None = None
    pointed: bool = False
    """A determiner, a quantity or a superlative stands before its first word."""
    sought: bool = False
    beside: set[int] = field(default_factory=set)
    """Where words begin that stand after "with": they do not say what it is."""
    borrowed: tuple[Element, ...] = ()
    """The words of another want that this one shares: "a 2 m and a 5 m cable"."""

    @property
    def words(self) -> Sequence[Element]:
        return self.content or self.borrowed

    @property
    def is_product(self) -> bool:
        return self.code is not None or any(each.known and not each.weak for each in self.content)

    @property
    def has_content(self) -> bool:
        return self.code is not None or bool(self.content)

    @property
    def extras(self) -> list[Element]:
        return [*self.measures, *self.prices, *self.counts, *self.choices]

    def has_head(self, vocabulary: Vocabulary) -> bool:
        return any(term in vocabulary.heads for word in self.content for term in word.terms)

    def goes_on(self, vocabulary: Vocabulary) -> bool:
        """Whether all its words are known and none begins another thing."""
        begins = self.pointed or self.sought or self.has_brand(vocabulary)
        return not begins and all(each.known for each in self.content)

    def names_category(self, vocabulary: Vocabulary, *, bare: bool) -> bool:
        """Whether words that people also say of anything name a category here: "access point"."""
        said = {term for each in self.content for term in each.terms}
        fewest = 1 if self.pointed or bare else 2
        phrases = (phrase for each in vocabulary.categories for phrase in each.phrases)
        return any(fewest <= len(phrase) and phrase <= said for phrase in phrases)

    def has_brand(self, vocabulary: Vocabulary) -> bool:
        return any(term in vocabulary.brand_terms for word in self.content for term in word.terms)


def read(text: str, words: Vocabulary) -> list[Want]:
    """The wants of a message, in its order; their spans lie in the text and do not overlap.

    A message that asks for something the catalogue does not know ("do you sell unicorns?") is a want whose
    ``words`` are empty and whose ``unknown`` are not.
    """
    parts = _merged(_parts(elements(text, words), words), words)
    bare = len(text.split()) <= _BARE
    wanted = [
        part for part in parts if part.is_product or part.borrowed or part.names_category(words, bare=bare)
    ]
    unknown = [part for part in parts if part not in wanted and part.has_content and part.pointed]
    if not wanted and not unknown:
        unknown = [part for part in parts if part.content and (part.sought or bare)][:1]
    unknown = [part for part in unknown if any(not each.known for each in part.content)]
    chosen = [part for part in parts if part in wanted or part in unknown]
    return [_want(part, text, words) for part in chosen]


def read_one(text: str, words: Vocabulary) -> Want:
    """The text as one want, as in a search field; without content it has neither words nor unknown ones."""
    whole = _Part()
    for part in _parts(elements(text, words), words):
        for name in ("content", "context", "without", "measures", "prices", "counts", "choices"):
            getattr(whole, name).extend(getattr(part, name))
        whole.beside |= part.beside
        whole.code = whole.code or part.code
    strong = [each for each in whole.content if not each.weak]
    if strong and not any(each.known for each in strong):
        whole.content = strong
    if not whole.content and not whole.code:
        whole.content, whole.context = whole.context, []
    return _want(whole, text, words)


def _parts(found: Sequence[Element], vocabulary: Vocabulary) -> list[_Part]:
    """The message at its separators, and before each quantity that begins another product."""
    parts = [_Part()]
    aside: str | None = None
    pointed = beside = False
    for place, element in enumerate(found):
        part = parts[-1]
        match element.kind:
            case "separator":
                if _is_joined_name(found, place, vocabulary):
                    continue
                parts.append(_Part(joint=element.value))
                aside, pointed, beside = None, False, False
            case "for":
                # "For my kitchen" is said of the product; "how much for the kettle" is not.
                if part.has_content or (element.value and part.extras):
                    aside = "context"
            case "with":
                beside = part.has_content
            case "without":
                aside = "without"
            case "determiner" | "seek":
                # "I saw the M55": what stands before is no product.
                if not any(each.known for each in part.content):
                    part.content.clear()
                if element.kind == "seek":
                    part.sought, aside = True, None
                else:
                    pointed = True
            case "at":
                aside = "place"
            case "word" if element.terms[0] in VERBS and part.has_head(vocabulary):
                pass
            case "word":
                _add_word(part, element, aside, pointed=pointed)
                if beside:
                    part.beside.add(element.start)
                # "Hello John, a kettle": what a determiner points to is the word after it.
                pointed = pointed and not element.known
            case "count" | "choice":
                if aside is None and _begins_another(found, place, part, vocabulary):
                    parts.append(_Part(joint=""))
                (parts[-1].counts if element.kind == "count" else parts[-1].choices).append(element)
                pointed = True
            case "measure" if aside != "context":
                part.measures.append(element)
            case "price":
                part.prices.append(element)
                aside = None
            case "sku" | "gtin":
                if part.has_content and part.code is not None:
                    parts.append(_Part(joint=""))
                parts[-1].code = element
    return parts


def _add_word(part: _Part, element: Element, aside: str | None, *, pointed: bool) -> None:
    if aside is not None and not (aside == "place" and element.known):
        getattr(part, aside).append(element)
        return
    part.pointed = part.pointed or pointed
    part.content.append(element)


def _is_joined_name(found: Sequence[Element], place: int, vocabulary: Vocabulary) -> bool:
    """Whether "and" stands within a name: "coffee and tea", "wet and dry"."""
    if found[place].value != "and" or not 0 < place < len(found) - 1:
        return False
    before, after = found[place - 1], found[place + 1]
    if before.kind != "word" or after.kind != "word":
        return False
    pair = {before.terms[0], after.terms[0]}
    if f"{before.terms[0]}and{after.terms[0]}" in vocabulary.uses:
        return True
    return any(pair <= phrase for each in vocabulary.categories for phrase in each.phrases)


def _begins_another(found: Sequence[Element], place: int, part: _Part, vocabulary: Vocabulary) -> bool:
    """Whether a quantity or superlative after a product begins the next one: "two cables one kettle"."""
    if not part.has_content or not (part.has_head(vocabulary) or part.code is not None):
        return False
    for element in found[place + 1 :]:
        if element.kind == "separator":
            return False
        if element.kind in {"word", "sku", "gtin"}:
            return True
    return False


def _merged(parts: list[_Part], vocabulary: Vocabulary) -> list[_Part]:
    """The parts with what belongs together in one."""
    result: list[_Part] = []
    held: list[_Part] = []
    for part in parts:
        if not part.has_content:
            if not part.extras:
                continue
            if result and result[-1].has_content and not _goes_on(part, parts):
                result.extend(_attached(result[-1], part))
            else:
                held.append(part)
            continue
        if result and not held and _belongs_to(result[-1], part, vocabulary):
            _absorb(result[-1], part)
            continue
        for before in held:
            if _differ(before, part):
                result.append(replace(before, borrowed=tuple(part.content), measures=before.measures))
            else:
                _absorb_extras(part, before)
        held = []
        result.append(part)
    return result


def _goes_on(part: _Part, parts: list[_Part]) -> bool:
    """Whether a measure alone is said of what follows it: "a kettle, a 2 m and a 5 m cable"."""
    following = parts[parts.index(part) + 1 :]
    after = following[0] if following else None
    return bool(
        part.joint in {",", "and"}
        and part.measures
        and after is not None
        and after.joint in {"and", "or"}
        and after.content
        and {m.value.kind for m in part.measures} & {m.value.kind for m in after.measures}
    )


def _attached(want: _Part, part: _Part) -> list[_Part]:
    """Give a part without words to the want before it; it is another want if it says another measure."""
    if _differ(want, part):
        return [replace(part, borrowed=tuple(want.words))]
    _absorb_extras(want, part)
    return []


def _differ(one: _Part, other: _Part) -> bool:
    kinds = {each.value.kind for each in one.measures}
    return any(each.value.kind in kinds for each in other.measures)


def _belongs_to(want: _Part, part: _Part, vocabulary: Vocabulary) -> bool:
    """Whether a part with words goes on about the product before it, or that one had only its first words."""
    if want.code is not None or part.code is not None or part.counts or not want.has_content:
        return False
    if not any(each.known for each in part.content) or want.borrowed or part.joint not in {",", "and", "or"}:
        return False
    if not part.has_head(vocabulary) and want.has_head(vocabulary):
        # "A charger, USB-C": no noun of its own, and nothing that begins another thing.
        return part.joint == "," and part.goes_on(vocabulary)
    if not part.has_head(vocabulary):
        # "The Slow Juicer, grey"; but "the M55, the Q55"
        has_code = any(not word.terms[0].isalpha() for word in part.content)
        return part.joint == "," and not has_code and part.goes_on(vocabulary)
    if not want.has_head(vocabulary):
        # "A black and white kettle"
        return not (part.pointed or part.sought or want.has_brand(vocabulary) or part.joint == ",")
    return False


def _absorb(want: _Part, part: _Part) -> None:
    want.content.extend(part.content)
    want.context.extend(part.context)
    want.without.extend(part.without)
    want.beside |= part.beside
    _absorb_extras(want, part)


def _absorb_extras(want: _Part, part: _Part) -> None:
    want.measures.extend(part.measures)
    want.prices.extend(part.prices)
    want.choices.extend(part.choices)
    if not want.counts:
        want.counts.extend(part.counts)


def _want(part: _Part, text: str, vocabulary: Vocabulary) -> Want:
    known = [each for each in part.words if each.known]
    # A number says it all.
    unknown = [each for each in part.content if not each.known and part.code is None]
    own = [
        *(each for each in part.content if each.known or part.code is None),
        *part.context,
        *part.without,
        *part.extras,
        *([part.code] if part.code else []),
    ]
    start = min((each.start for each in own), default=0)
    end = max((each.end for each in own), default=0)
    said: list[PriceLimit] = [each.value for each in part.prices]
    limits = [each for each in said if not (each.bare and _SEEN.search(text))]
    terms = tuple(each.terms[0] for each in known)
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
    )


def _head(known: Sequence[Element], vocabulary: Vocabulary) -> tuple[str, ...]:
    for element in reversed(known):
        heads = tuple(term for term in element.terms if term in vocabulary.heads)
        if heads:
            return heads
    return ()


def _ends_unknown(part: _Part) -> bool:
    """Whether the last word is not known: a "TV unicorn" is no television."""
    return bool(part.content) and not part.content[-1].known


def _quantity(part: _Part) -> int | None:
    if not part.counts:
        return None
    count: Count = part.counts[0].value
    if count.pair and count.value and any(term in _PAIRED for word in part.words for term in word.terms):
        return count.value // 2
    return count.value
