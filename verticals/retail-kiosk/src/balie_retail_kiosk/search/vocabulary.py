"""The words of the catalogue: which there are, what they are for, and which one a misspelt word was meant to be."""

import functools
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Category, Product, Shop
from balie_retail_kiosk.models.search import SearchState, SearchTerm
from balie_retail_kiosk.search import amounts, limits, synonyms
from balie_retail_kiosk.search.analysis import analysed, heads
from balie_retail_kiosk.search.lexicon import EVERYDAY, FUNCTION_WORDS, SEEKING, SHOP_WORDS, SUPERLATIVES
from balie_retail_kiosk.search.speech import TALK, TOLD
from balie_retail_kiosk.search.tokens import folded, stem, tokens

_MOST_ALTERNATIVES = 3
_SHORTEST_CORRECTED = 4
_SHORT, _LONG = 5, 8
_KEPT = 4
GRAMMAR = frozenset(
    {
        *SUPERLATIVES,
        *(word for word in amounts.UNITS if len(word) > 4),
        *(word for word in amounts.NUMBER_WORDS if len(word) > 4),
        *(word for word in limits.LIMIT_WORDS if len(word) > 4),
        *("dozen", "couple", "expensive", "please", "without", "between"),
    }
)
"""Words that measures, limits and choices are made of; a misspelt one is put right too."""


@dataclass(frozen=True)
class CategoryWords:
    """A category, and the sets of terms that each are a name for it, its own name first."""

    slug: str
    phrases: tuple[frozenset[str], ...]
    heads: frozenset[str]
    joined: frozenset[str] = frozenset()
    """What "and" joins within its names: "coffeeandtea"."""


@dataclass(frozen=True)
class Vocabulary:
    """What can be asked for.

    Attributes:
        uses: the index's terms, and the number of products that each is in.
        brands: by their terms, as they are written.
        categories: every category.
        places: words of the shops' names and towns, which are no products.
    """

    uses: Mapping[str, int] = field(default_factory=dict)
    brands: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    categories: tuple[CategoryWords, ...] = ()
    places: frozenset[str] = frozenset()

    @functools.cached_property
    def heads(self) -> frozenset[str]:
        """The nouns that say what a product is."""
        return frozenset().union(*(category.heads for category in self.categories))

    @functools.cached_property
    def kinds(self) -> Mapping[str, frozenset[str]]:
        """By head: the slugs of the categories that it names."""
        return {
            head: frozenset(each.slug for each in self.categories if head in each.heads)
            for head in self.heads
        }

    @functools.cached_property
    def category_terms(self) -> frozenset[str]:
        """Every term of a category's name or synonyms."""
        return frozenset().union(*(phrase for each in self.categories for phrase in each.phrases))

    @functools.cached_property
    def joined(self) -> frozenset[str]:
        """What "and" joins within a category's names."""
        return frozenset().union(*(each.joined for each in self.categories))

    @functools.cached_property
    def brand_terms(self) -> frozenset[str]:
        """Every term of a brand."""
        return frozenset(term for phrase in self.brands for term in phrase)

    @functools.cached_property
    def _spelled(self) -> dict[int, list[str]]:
        words = {term for term in self.uses if term.isalpha()}
        words |= self.category_terms | synonyms.words() | GRAMMAR
        by_length: dict[int, list[str]] = {}
        # The commonest first: of two words that are equally near, people mean that one.
        for word in sorted(words, key=lambda each: (-self.uses.get(each, 0), each)):
            if len(word) >= _SHORTEST_CORRECTED and word.isalpha():
                by_length.setdefault(len(word), []).append(word)
        return by_length

    @functools.cached_property
    def _remembered(self) -> dict[str, tuple[str, ...]]:
        return {}

    def knows(self, term: str) -> bool:
        """Whether a product or a category has it."""
        return term in self.uses or term in self.category_terms

    def spelled(self, word: str) -> tuple[str, ...]:
        """The words that one which is not known may have been meant to be, the likeliest first; or none.

        One slip in a word of four to seven letters, two in a longer one. Words that are right but name
        nothing here ("shoes") are left alone.
        """
        if word in self._remembered:
            return self._remembered[word]
        if len(self._remembered) > 5_000:
            self._remembered.clear()
        found = self._remembered[word] = self._nearest(word)
        return found

    def _nearest(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_CORRECTED or not word.isalpha() or _is_right(word):
            return ()
        most = 2 if len(word) >= _LONG else 1
        near = [
            (distance, choice[0] != word[0], choice)
            for length in range(len(word) - most, len(word) + most + 1)
            for choice, distance, _place in process.extract(
                word, self._spelled.get(length, ()), scorer=OSA.distance, score_cutoff=most, limit=_KEPT
            )
        ]
        # Another first letter and a second slip, or in a short word, is another word.
        near = [each for each in near if not each[1] or (each[0] == 1 and len(word) > _SHORT)]
        if near:
            best = min(near)[:2]
            chosen = [choice for *rank, choice in near if tuple(rank) == best]
            chosen.sort(key=lambda each: (-self.uses.get(each, 0), each))
            return tuple(chosen[:_MOST_ALTERNATIVES])
        return self._sounding(word) or self._begun(word)

    def _sounding(self, word: str) -> tuple[str, ...]:
        """The nouns that have the same consonants, two slips in the vowels apart: "tostar" is a toaster."""
        if len(word) <= _SHORT:
            return ()
        sound = _consonants(word)
        return tuple(
            choice
            for length in range(len(word) - 2, len(word) + 3)
            for choice in self._spelled.get(length, ())
            if choice[0] == word[0]
            and choice in self.heads
            and _consonants(choice) == sound
            and OSA.distance(word, choice, score_cutoff=2) <= 2
        )[:_MOST_ALTERNATIVES]

    def _begun(self, word: str) -> tuple[str, ...]:
        """The words that begin so: "refrig", "micro"."""
        longer = (each for length, words in self._spelled.items() if length > len(word) + 1 for each in words)
        begun = sorted(
            (each for each in longer if each.startswith(word) and each not in GRAMMAR),
            key=lambda each: (-self.uses.get(each, 0), each),
        )
        return tuple(begun[:_MOST_ALTERNATIVES]) if len(word) > _SHORTEST_CORRECTED else ()

    def category_of(self, terms: Iterable[str], head: Iterable[str] = ()) -> str | None:
        """The category that the terms name: the one with the longest name among them, if it is one.

        Of two that are named, it is the one whose name has the head: "TV headphones" are headphones.
        """
        said, noun = frozenset(terms), frozenset(head)
        named = [
            (len(phrase), bool(phrase & noun), not place, category.slug)
            for category in self.categories
            for place, phrase in enumerate(category.phrases)
            if phrase <= said
        ]
        if not named:
            return None
        best = max(named)[:3]
        slugs = {slug for *rank, slug in named if tuple(rank) == best}
        return slugs.pop() if len(slugs) == 1 else None

    def brand_of(self, terms: tuple[str, ...]) -> str | None:
        """The brand that is named among the terms."""
        for at in range(len(terms)):
            for size in (3, 2, 1):
                if brand := self.brands.get(terms[at : at + size]):
                    return brand
        return None


def _consonants(word: str) -> str:
    """Its consonants, doubled ones once."""
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiou]", "", word))


def _is_right(word: str) -> bool:
    return any(
        each in words
        for words in (EVERYDAY, FUNCTION_WORDS, SHOP_WORDS, SEEKING, TALK, TOLD)
        for each in (word, f"{word}s")
    )


def category_words(slug: str, name: str, others: Iterable[str]) -> CategoryWords:
    """A category's words out of its name and synonyms."""
    names = (name, *others)
    phrases = [frozenset(analysed(each, parts=False).terms) for each in names]
    return CategoryWords(
        slug,
        tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
        frozenset(head for each in names for head in heads(each)),
        frozenset(term for each in names for term in analysed(each).bound),
    )


async def state(session: AsyncSession) -> uuid.UUID | None:
    """The version of the index, which is another one after every change; None before the first."""
    return await session.scalar(select(SearchState.version))


_known: dict[uuid.UUID, Vocabulary] = {}


async def vocabulary(session: AsyncSession) -> Vocabulary:
    """The catalogue's words as the session sees them; read again only after the index has changed."""
    version = await state(session)
    if version is None:
        return Vocabulary()
    if version not in _known:
        loaded = await _load(session)
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[version] = loaded
    return _known[version]


async def _load(session: AsyncSession) -> Vocabulary:
    terms = await session.execute(select(SearchTerm.term, SearchTerm.uses))
    uses = {row.term: row.uses for row in terms}
    brands = (await session.scalars(select(Product.brand).distinct())).all()
    rows = await session.execute(
        select(Category.slug, Category.name, Category.synonyms).order_by(Category.slug)
    )
    shops = await session.execute(select(Shop.name, Shop.city))
    named = {stem(token.text) for shop in shops for text in shop for token in tokens(folded(text))}
    return Vocabulary(
        uses=uses,
        brands={analysed(brand).terms: brand for brand in sorted(brands)},
        categories=tuple(category_words(slug, name, others) for slug, name, others in rows),
        places=frozenset(word for word in named if len(word) > 2 and word not in uses),
    )
