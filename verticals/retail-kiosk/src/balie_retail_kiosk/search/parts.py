"""What becomes one want: a part of a message, with what is said of it before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from balie_retail_kiosk.search.pieces import Element
from balie_retail_kiosk.search.vocabulary import Vocabulary

# Nouns that say what something is only with another word: "dear machine".
_VAGUE = frozenset({"machine", "player", "maker", "press", "holder"})


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
    wished: bool = False
    """A verb such as "need" is said in it, by which somebody says what they want."""
    direct: bool = False
    """Such a verb stands directly before its first word."""
    polite: bool = False
    told: bool = False
    """Somebody tells of it: "my sister bought the M55"."""
    spoken: bool = False
    """Somebody or a verb stands before its words: it is no mere name."""
    negated: bool = False
    refers: str = ""
    """It says "one": the kind of product is what was named before; "all" where it says "ones"."""
    owned: bool = False
    """Somebody has it: "my kettle"."""
    definite: bool = False
    clause: int = 0
    """Which clause of the message it is in."""
    perhaps: list[Element] = field(default_factory=list)
    """Words beside its own that people say of anything, and that some product is called by: "quiet"."""
    rest: list[Element] = field(default_factory=list)
    """What is said after the product's name and says nothing of it."""
    beside: set[int] = field(default_factory=set)
    """Where words begin that stand after "with": they do not say what it is."""
    borrowed: tuple[Element, ...] = ()
    """The words of another want that this one shares: "a 2 m and a 5 m cable"."""

    @property
    def words(self) -> Sequence[Element]:
        """The words for the product, its own and another want's."""
        return [*self.content, *self.borrowed]

    @property
    def weak(self) -> bool:
        """Whether the catalogue knows a word of it."""
        return any(each.known for each in self.content)

    def is_named(self, vocabulary: Vocabulary) -> bool:
        """Whether it says what is meant: by a noun for a kind of product, a brand, a model or a number."""
        if self.code is not None:
            return True
        only = len(self.words) == 1
        return any(
            each.known
            and not each.weak
            and not (only and each.terms[0] in _VAGUE)
            and any(
                term in vocabulary.heads
                or (not each.corrected and (term in vocabulary.brand_terms or is_code(term)))
                for term in each.terms
            )
            for each in self.words
        )

    @property
    def is_product(self) -> bool:
        """Whether the catalogue knows a word of it, or it is a number."""
        return self.code is not None or any(each.known and not each.weak for each in self.words)

    @property
    def only_corrected(self) -> bool:
        """Whether all that is known of it was spelled otherwise, and nothing points to it."""
        known = [each for each in self.content if each.known]
        return all(each.corrected for each in known) and bool(known) and not (self.pointed or self.sought)

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
        begins = self.pointed or self.sought or self.spoken or self.told or self.has_brand(vocabulary)
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


def is_code(term: str) -> bool:
    """Whether a term is a model: letters and digits."""
    return any(each.isdigit() for each in term) and any(each.isalpha() for each in term)
