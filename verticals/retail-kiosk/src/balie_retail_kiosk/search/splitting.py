"""A message's elements as parts: each becomes one want, or tells something that is none."""

from collections.abc import Sequence
from dataclasses import replace

from balie_retail_kiosk.search.analysis import both_ends
from balie_retail_kiosk.search.lexicon import VERBS, WISHING
from balie_retail_kiosk.search.parts import Part, is_code
from balie_retail_kiosk.search.pieces import Element
from balie_retail_kiosk.search.speech import Gap
from balie_retail_kiosk.search.vocabulary import Vocabulary

_FEWEST_LISTED = 3
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "your"})
_INDEFINITE = frozenset({"a", "an", "another"})


def split(found: Sequence[Element], vocabulary: Vocabulary) -> list[Part]:
    """The message at its separators, and before each quantity that begins another product."""
    splitter = _Splitter(_listed(found, vocabulary), vocabulary)
    return splitter.parts_of()


class _Splitter:
    """Goes through a message's elements, one after the other."""

    def __init__(self, found: Sequence[Element], vocabulary: Vocabulary) -> None:
        self.found = found
        self.vocabulary = vocabulary
        self.parts = [Part()]
        self.aside: str | None = None
        """Where words go that do not say what the product is."""
        self.pointed = self.beside = self.sought = self.asking = self.asked = False
        self.purpose = self.after_for = self.after_in = self.after_word = False
        self.tail = False
        """The product's name is over: words that are not known belong to something else."""

    def parts_of(self) -> list[Part]:
        """The parts, in order."""
        for place, element in enumerate(self.found):
            before = self.found[place - 1] if place else None
            self.after_word = before is not None and before.kind == "word"
            self.after_for = before is not None and before.kind == "for"
            self.after_in = before is not None and before.kind == "gap" and before.value is Gap.ATTRIBUTE
            self._take(place, element)
        return self.parts

    def _begin(self, joint: str) -> Part:
        before = self.parts[-1]
        clause = before.clause + (joint in {".", "clause", "repair"})
        self.parts.append(Part(joint=joint, clause=clause))
        self.aside, self.pointed, self.beside, self.sought, self.tail = None, False, False, False, False
        self.asking = self.asked = self.purpose = False
        return self.parts[-1]

    def _take(self, place: int, element: Element) -> None:
        part, following = self.parts[-1], self.found[place + 1 :]
        match element.kind:
            case "separator":
                if not _is_joined_name(self.found, place, self.vocabulary):
                    self._begin(element.value)
            case "repair":
                self._begin("repair")
            case "for":
                # "For my kitchen" is said of the product; "how much for the kettle" is not.
                if part.has_content or (element.value and part.extras):
                    self.aside = "context"
                self.sought = False
            case "with" if _names_another(part, following, self.vocabulary):
                self._begin("and")
            case "with":
                self.beside = part.has_content or bool(part.refers)
            case "without":
                self.aside = "without"
            case "at":
                self.aside = "place"
            case "not":
                self._deny(part)
            case "gap":
                self._gap(part, element)
            case "pronoun":
                part.refers = part.refers or ("all" if element.value in {"ones", "kind", "kinds"} else "one")
            case "polite":
                part.polite = True
            case "determiner" | "seek":
                self._point(place, part, element)
            case "word":
                self._word(part, element)
            case "measure" if self.aside != "context":
                part.measures.append(element)
            case "perhaps" if self.aside is None:
                part.perhaps.append(element)
            case "price":
                part.prices.append(element)
                self.aside = None
            case "sku" | "gtin":
                if part.has_content and part.code is not None:
                    part = self._begin("")
                part.code = element
            case "count" | "choice":
                self._count(place, part, element)

    def _deny(self, part: Part) -> None:
        if part.is_named(self.vocabulary):
            part = self._begin("clause")
        part.content.clear()
        part.negated, part.told = True, False

    def _gap(self, part: Part, element: Element) -> None:
        kind = element.value
        if not part.is_named(self.vocabulary):
            # "I saw the M55": what stands before a verb is no product.
            # But "for me" is said of what stands before it.
            spoken = kind in {Gap.TALK, Gap.TOLD, Gap.YOU, Gap.ASKING} and not (
                kind is Gap.TALK and self.after_for
            )
            if spoken or (kind is Gap.BEING and not part.weak):
                part.content.clear()
            if kind is Gap.TOLD:
                part.told, part.sought = True, False
            part.spoken = part.spoken or kind in {Gap.TALK, Gap.TOLD, Gap.BEING, Gap.YOU, Gap.ASKING}
            self.pointed = self.pointed and kind in {Gap.LINK, Gap.ATTRIBUTE}
            if kind is Gap.OWNED:
                part.content.clear()
                part.owned = True
                # "Something to hang my TV on the wall"
                part.told = part.told or (self.purpose and not self.sought)
            self.purpose = self.purpose or element.value is Gap.ATTRIBUTE
            self.asking = kind in {Gap.ASKING, Gap.BEING}
            self.sought = False
            return
        first = not self.tail and self.aside is None
        happened = kind is Gap.TOLD or (kind is Gap.BEING and part.joint not in {"and", "or"})
        if first and happened and (part.owned or part.definite) and not part.wished and not self.asked:
            part.told = True  # "My kettle broke", "the TV is 55 inch"
        if kind is not Gap.ATTRIBUTE or self.asked:
            self.tail = True
        # "Carry the M55 to my car"
        elsewhere = kind is Gap.OWNED and self.aside is None
        if kind in {Gap.TALK, Gap.TOLD, Gap.YOU} or elsewhere:
            self.aside = "rest"

    def _point(self, place: int, part: Part, element: Element) -> None:
        named = part.is_named(self.vocabulary)
        if element.value == "that" and part.weak:
            return  # "a robot that mops"
        if not named:
            part.content.clear()
        if element.kind == "seek":
            if named and self.asked:
                self.aside, self.tail = "rest", True  # "does the M55 have …"
                return
            part.sought, self.aside, self.sought = True, None, True
            part.wished = part.wished or element.value in WISHING
            if not named:
                part.told = False
                if part.joint == ",":
                    part.clause = self.parts[-2].clause + 1
                before = self.found[place - 1] if place else None
                asks = before is not None and before.kind == "gap" and before.value is Gap.YOU
                part.spoken = part.spoken and not (part.wished or asks)
            return
        if self._is_whole(place, part):
            # "The battery of the Tide R3" is asked of that robot.
            part.content.clear()
            self.tail = self.asked = named = False
        elif element.value in _INDEFINITE and self._names_next(place, part):
            part, named = self._begin(""), False
        if self.aside == "rest":
            self.aside = None if not named else self.aside
        if named and self.found[place - 1].kind == "gap":
            self.tail = True
        definite = element.value in _DEFINITE
        part.definite = part.definite or (definite and not part.content)
        self.asked = self.asked or (definite and self.asking and not part.content)
        self.pointed, self.asking = True, False

    def _names_next(self, place: int, part: Part) -> bool:
        """Whether another thing begins, though nothing parts it from the one before: "two kettles a toaster"."""
        before = self.found[place - 1] if place else None
        goes_on = before is not None and before.kind in {"word", "measure", "price"}
        return goes_on and self.aside is None and not self.beside and part.has_head(self.vocabulary)

    def _is_whole(self, place: int, part: Part) -> bool:
        before = self.found[place - 1] if place else None
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        return (
            before is not None
            and following is not None
            and bool(part.content)
            and before.kind == "gap"
            and before.value is Gap.ATTRIBUTE
            and following.kind == "word"
            and any(t in self.vocabulary.brand_terms or is_code(t) for t in following.terms)
            and not part.has_brand(self.vocabulary)
        )

    def _word(self, part: Part, element: Element) -> None:
        heads = {term for term in element.terms if term in self.vocabulary.heads}
        if element.terms[0] in VERBS and part.has_head(self.vocabulary):
            return
        if self.aside == "rest":
            return
        # "The Tide R77", "batteries of size A999": a model that nothing has must not go unheard.
        is_number = element.terms[0].replace("_", "").isdigit()
        is_model = is_number or is_code(element.terms[0])
        named_so = is_model and (self.after_word or (not self.asked and is_code(element.terms[0])))
        vague = (element.weak and not is_number) or not (element.known or named_so)
        if self.asked and vague and part.is_named(self.vocabulary):
            self.tail = True  # "is the kettle easy to clean"
            return
        # "Is the kettle here in blue?"
        described = self.after_in and element.known and not (heads or element.weak)
        named_next = element.known and heads and self.pointed
        heard = named_next or described or named_so
        if self.tail and not heard and (not element.known or self.asked):
            return
        if self.aside is not None and not (self.aside == "place" and element.known):
            getattr(part, self.aside).append(element)
            return
        if not part.content:
            part.direct = self.sought
        part.pointed = part.pointed or self.pointed
        if part.content and part.content[-1].terms == element.terms:
            ends = both_ends(element.terms[0])
            if ends in self.vocabulary.uses:
                element = replace(element, terms=(ends,))
        part.content.append(element)
        if self.beside:
            part.beside.add(element.start)
        # "Hello John, a kettle": what a determiner points to is the word after it.
        self.pointed = self.pointed and not element.known
        self.asking = False

    def _count(self, place: int, part: Part, element: Element) -> None:
        if self.aside in {"context", "rest"}:
            return  # "a toaster for 4 slices"
        if element.kind == "count" and self.beside and element.value.pack is None:
            # "With wifi 6", "with two sockets": nothing is known of it.
            number = str(element.value.value)
            part.content.append(Element("word", element.start, element.end, terms=(number,), known=False))
            return
        if self.aside is None and _begins_another(self.found, place, part, self.vocabulary):
            part = self._begin("")
        elif not part.is_named(self.vocabulary):
            part.content.clear()
        (part.counts if element.kind == "count" else part.choices).append(element)
        self.pointed, self.asking = True, False


def _listed(found: Sequence[Element], vocabulary: Vocabulary) -> list[Element]:
    """The elements, with separators between three or more kinds of product in a row: "kettle toaster soundbar"."""
    result: list[Element] = []
    row: list[Element] = []
    for element in [*found, None]:
        if element is not None and element.kind == "word" and element.known:
            row.append(element)
            continue
        result.extend(_apart(row, vocabulary))
        row = []
        if element is not None:
            result.append(element)
    return result


def _apart(row: list[Element], vocabulary: Vocabulary) -> list[Element]:
    if len(row) < _FEWEST_LISTED:
        return row
    units: list[tuple[list[Element], frozenset[str]]] = []
    unit: list[Element] = []
    at = 0
    while at < len(row):
        size, slugs = _named_at(row, at, vocabulary)
        unit.extend(row[at : at + size])
        at += size
        if slugs:
            units.append((unit, slugs))
            unit = []
    if unit or len(units) < _FEWEST_LISTED:
        return row
    if any(one & other for n, (_, one) in enumerate(units) for _, other in units[:n]):
        return row
    result: list[Element] = []
    for words, _ in units:
        if result:
            result.append(Element("separator", words[0].start, words[0].start, "and"))
        result.extend(words)
    return result


def _named_at(row: Sequence[Element], at: int, vocabulary: Vocabulary) -> tuple[int, frozenset[str]]:
    """How many words from here on name a kind of product, and which categories are called so."""
    for size in range(min(4, len(row) - at), 0, -1):
        said = {term for each in row[at : at + size] for term in each.terms[:1]}
        slugs = frozenset(
            each.slug for each in vocabulary.categories for phrase in each.phrases if phrase == said
        )
        if slugs:
            return size, slugs
    head = next((term for term in row[at].terms if term in vocabulary.heads), "")
    return 1, vocabulary.kinds.get(head, frozenset())


def _names_another(part: Part, following: Sequence[Element], vocabulary: Vocabulary) -> bool:
    """Whether what comes after "with" is a product by its name: "compare the M55 with the Shore Q55"."""
    pointed = bool(following) and following[0].kind == "determiner"
    first = following[1] if pointed and len(following) > 1 else following[0] if following else None
    if first is None or first.kind != "word":
        return first is not None and first.kind in {"sku", "gtin"}
    # "Compare the Slate with the Tab Note"; but "a robot with a mop"
    definite = pointed and following[0].value == "the" and first.known and not first.weak
    is_model = pointed and first.terms[0][0].isalpha() and first.terms[0][-1].isdigit()
    return (
        is_model
        or (definite and part.has_content)
        or any(term in vocabulary.brand_terms for term in first.terms)
    )


def _is_joined_name(found: Sequence[Element], place: int, vocabulary: Vocabulary) -> bool:
    """Whether "and" stands within a name: "coffee and tea", "wet and dry"."""
    if found[place].value != "and" or not 0 < place < len(found) - 1:
        return False
    before, after = found[place - 1], found[place + 1]
    if before.kind != "word" or after.kind != "word":
        return False
    name = f"{before.terms[0]}and{after.terms[0]}"
    return name in vocabulary.uses or name in vocabulary.joined


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
