"""Finding texts by their words: what is left when there is no encoder."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W_]+")
_LONG_ENOUGH_FOR_TYPOS = 4
_LONG_ENOUGH_TO_RESPELL = 6
_BODY_WEIGHT = 0.6
_SUFFIXES = ("ings", "ing", "ies", "ed", "es", "s")
_COMMON_WORDS = """
a about after again all also am an and any anything are as at be because been before but by can could did
do does doing done for from get got had has have hello help her here hey hi how i if in into is it its just
know like long me mine more much my need no not now of off on once one or our out over please s same she
should so some something still such t take tell than thank thanks that the their them then there these they
thing this to too up us use used using very want was way we were what when where which while who why will
with work would yes you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def words(text: str) -> list[str]:
    """The words that say what a text is about, in lower case and without their endings."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word.removesuffix(suffix)
    return word


class WordIndex:
    """Which words are in which article; a word weighs more the rarer it is.

    Args:
        texts: by id, where an id is ``article#part``. Words of a ``section-`` weigh less than words of
            titles and questions.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._articles: dict[str, dict[str, float]] = defaultdict(dict)
        self._sections: dict[str, dict[int, set[str]]] = defaultdict(dict)
        for key, text in texts.items():
            slug, _hash, part = key.partition("#")
            weight = 1.0
            if part.startswith("section-"):
                weight = _BODY_WEIGHT
                self._sections[slug][int(part.removeprefix("section-"))] = set(words(text))
            for word in words(text):
                self._articles[slug][word] = max(weight, self._articles[slug].get(word, 0.0))
        count = Counter(word for article in self._articles.values() for word in article)
        total = len(self._articles)
        self._weights = {word: math.log(1 + total / number) for word, number in count.items()}
        self._unknown = math.log(1 + total)
        self._vocabulary = sorted(self._weights.keys() | _COMMON)
        written = Counter(word for text in texts.values() for word in _WORD.findall(text.lower()))
        # The commonest first: of two words that are equally near, people mean that one.
        self._written = [word for word, _count in written.most_common() if word.isalpha()]
        self._known = _COMMON.union(self._written)

    def scores(self, query: str) -> tuple[dict[str, float], dict[str, int]]:
        """Each article's share of the query's words (0 to 1), and the position of its best section."""
        wanted = {self._spelled(word) for word in words(query)} - _COMMON
        total = sum(self._weight(wanted))
        if not total:
            return {}, {}
        articles = {
            slug: sum(self._weights[word] * known[word] for word in wanted if word in known) / total
            for slug, known in self._articles.items()
        }
        sections = {slug: self._best(parts, wanted) for slug, parts in self._sections.items()}
        return articles, sections

    def respelled(self, text: str) -> str:
        """The text with its typing errors corrected, where a word of the articles is one letter away."""
        return _WORD.sub(lambda found: self._meant(found.group()), text)

    def _meant(self, word: str) -> str:
        plain = word.lower()
        # Short words have too many neighbours: "sick" is no "pick", Paris is no spare parts.
        if len(plain) < _LONG_ENOUGH_TO_RESPELL or plain in self._known:
            return word
        same_start = [each for each in self._written if each[0] == plain[0]]
        near = process.extractOne(plain, same_start, scorer=OSA.distance, score_cutoff=1)
        return near[0] if near else word

    def _best(self, parts: Mapping[int, set[str]], wanted: set[str]) -> int:
        return max(parts, key=lambda position: (sum(self._weight(wanted & parts[position])), -position))

    def _weight(self, chosen: Iterable[str]) -> list[float]:
        return [self._weights.get(word, self._unknown) for word in chosen]

    def _spelled(self, word: str) -> str:
        if word in self._weights or len(word) < _LONG_ENOUGH_FOR_TYPOS:
            return word
        # One letter too many, too few, wrong, or two swapped: more would make a present of the president.
        near = process.extractOne(word, self._vocabulary, scorer=OSA.distance, score_cutoff=1)
        return near[0] if near else word
