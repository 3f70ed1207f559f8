"""Words for the same thing, made one: "telly" is "tv", in the index as in what people say."""

import functools
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from balie_retail_kiosk.search.tokens import stem, tokens

_FILE = Path(__file__).with_name("synonyms.toml")

Phrase = tuple[str, ...]


@functools.cache
def table() -> Mapping[str, tuple[tuple[Phrase, Phrase], ...]]:
    """By first word: the phrases that begin with it, the longest first, each with what stands for it."""
    by_first: dict[str, list[tuple[Phrase, Phrase]]] = {}
    for group in tomllib.loads(_FILE.read_text(encoding="utf-8"))["same"]:
        one, *others = (phrase_of(words) for words in group)
        for phrase in {one, *others}:
            by_first.setdefault(phrase[0], []).append((phrase, one))
    return {
        first: tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))
        for first, pairs in by_first.items()
    }


@functools.cache
def words() -> frozenset[str]:
    """Every word of the file, for the spelling."""
    return frozenset(word for pairs in table().values() for phrase, _one in pairs for word in phrase)


@functools.cache
def digest() -> str:
    """SHA-256 of the file: an index made with other synonyms must be made again."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()


def phrase_of(text: str) -> Phrase:
    """A phrase as its words' stems."""
    return tuple(stem(token.text) for token in tokens(text) if token.kind != "mark")


def replaced(words: Sequence[str]) -> list[tuple[str, int, int]]:
    """The words with each phrase of the file replaced, and from which words (first, after the last) each comes."""
    known, at = table(), 0
    result: list[tuple[str, int, int]] = []
    while at < len(words):
        for phrase, one in known.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                result.extend((word, at, at + len(phrase)) for word in one)
                at += len(phrase)
                break
        else:
            result.append((words[at], at, at + 1))
            at += 1
    return result
