"""A message's elements as parts: each becomes one want, with what is said of it before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from balie_retail_kiosk.search.elements import Element
from balie_retail_kiosk.search.lexicon import VERBS
from balie_retail_kiosk.search.vocabulary import Vocabulary


@dataclass(eq=False)
class Part:
    """A stretch of the message between two separators, or what becomes one want.

    Attributes:
        joint: what parts it from the one before: a comma, a full stop, "and", "or", or nothing.
        content: the words for the product itself.
        context: words after "for", and ``without`` those after "without".
        sought: a verb such as "sell" or "need" is said in it.
    """

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
        """The words for the product, its own or another want's."""
        return self.content or self.borrowed

    @property
    def is_product(self) -> bool:
        """Whether the catalogue knows a word of it, or it is a number."""
        return self.code is not None or any(each.known and not each.weak for each in self.words)

    @property
    def has_content(self) -> bool:
        """Whether it has words of its own, or a number."""
        return self.code is not None or bool(self.content)

    @property
    def extras(self) -> list[Element]:
        """What is said of the product beside its words."""
        return [*self.measures, *self.prices, *self.counts[:1], *self.choices]

    def has_head(self, vocabulary: Vocabulary) -> bool:
        """Whether a word says what the product is."""
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
        """Whether a word is a brand's."""
        return any(term in vocabulary.brand_terms for word in self.content for term in word.terms)


def split(found: Sequence[Element], vocabulary: Vocabulary) -> list[Part]:
    """The message at its separators, and before each quantity that begins another product."""
    parts = [Part()]
    aside: str | None = None
    pointed = beside = False
    for place, element in enumerate(found):
        part = parts[-1]
        match element.kind:
            case "separator":
                if _is_joined_name(found, place, vocabulary):
                    continue
                parts.append(Part(joint=element.value))
                aside, pointed, beside = None, False, False
            case "for":
                # "For my kitchen" is said of the product; "how much for the kettle" is not.
                if part.has_content or (element.value and part.extras):
                    aside = "context"
            case "with" if _names_another(found[place + 1 :], vocabulary):
                parts.append(Part(joint="and"))
                aside, pointed, beside = None, False, False
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
            case "count" if aside == "context":
                pass  # "a toaster for 4 slices"
            case "count" if beside and element.value.pack is None:
                # "With wifi 6", "with two sockets": nothing is known of it.
                number = str(element.value.value)
                part.content.append(Element("word", element.start, element.end, terms=(number,), known=False))
            case "count" | "choice":
                if aside is None and _begins_another(found, place, part, vocabulary):
                    parts.append(Part(joint=""))
                (parts[-1].counts if element.kind == "count" else parts[-1].choices).append(element)
                pointed = True
            case "measure" if aside != "context":
                part.measures.append(element)
            case "price":
                part.prices.append(element)
                aside = None
            case "sku" | "gtin":
                if part.has_content and part.code is not None:
                    parts.append(Part(joint=""))
                parts[-1].code = element
    return parts


def _names_another(following: Sequence[Element], vocabulary: Vocabulary) -> bool:
    """Whether what comes after "with" is a product by its name: "compare the M55 with the Shore Q55"."""
    pointed = bool(following) and following[0].kind == "determiner"
    first = following[1] if pointed and len(following) > 1 else following[0] if following else None
    if first is None or first.kind != "word":
        return first is not None and first.kind in {"sku", "gtin"}
    is_code = pointed and first.terms[0][0].isalpha() and first.terms[0][-1].isdigit()
    return is_code or any(term in vocabulary.brand_terms for term in first.terms)


def _add_word(part: Part, element: Element, aside: str | None, *, pointed: bool) -> None:
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


def _begins_another(found: Sequence[Element], place: int, part: Part, vocabulary: Vocabulary) -> bool:
    """Whether a quantity or superlative after a product begins the next one: "two cables one kettle"."""
    if not part.has_content or not (part.has_head(vocabulary) or part.code is not None):
        return False
    for element in found[place + 1 :]:
        if element.kind == "separator":
            return False
        if element.kind in {"word", "sku", "gtin"}:
            return True
    return False


def merged(parts: list[Part], vocabulary: Vocabulary) -> list[Part]:
    """The parts with what belongs together in one."""
    result: list[Part] = []
    held: list[Part] = []
    for part in parts:
        if not part.has_content:
            if not part.extras:
                continue
            if result and (result[-1].words or result[-1].code) and not _goes_on(part, parts):
                result.extend(_attached(result[-1], part))
            else:
                held.append(part)
            continue
        if result and not held and _belongs_to(result[-1], part, vocabulary):
            _absorb(result[-1], part)
            continue
        row = [part]
        for before in reversed(held):
            if _differ(before, row[0]):
                row.insert(0, replace(before, borrowed=tuple(part.content)))
            else:
                _absorb_extras(row[0], before)
        held = []
        result.extend(row)
    return result


def _goes_on(part: Part, parts: list[Part]) -> bool:
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


def _attached(want: Part, part: Part) -> list[Part]:
    """Give a part without words to the want before it; it is another want if it says another measure."""
    if _differ(want, part):
        return [replace(part, borrowed=tuple(want.words))]
    _absorb_extras(want, part)
    return []


def _differ(one: Part, other: Part) -> bool:
    kinds = {each.value.kind for each in one.measures}
    return any(each.value.kind in kinds for each in other.measures)


def _belongs_to(want: Part, part: Part, vocabulary: Vocabulary) -> bool:
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


def _absorb(want: Part, part: Part) -> None:
    want.content.extend(part.content)
    want.context.extend(part.context)
    want.without.extend(part.without)
    want.beside |= part.beside
    _absorb_extras(want, part)


def _absorb_extras(want: Part, part: Part) -> None:
    want.measures.extend(part.measures)
    want.prices.extend(part.prices)
    want.choices.extend(part.choices)
    if not want.counts:
        want.counts.extend(part.counts)
