"""Reading what is typed badly: a word that no example has is taken for the one it nearly is.

The words are those of the examples that a head was tuned on, as far as they come often. Only what a model
reads is changed; arguments are looked for in what was really said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from balie.errors import ModelUnavailable

FILE = "words.txt"

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")
_KNOWN_FROM = 2
_TARGET_FROM = 4
_SHORTEST = 3
# A word of at most so many letters that differs by another slip is another word.
_SHORT, _ANOTHER = 4, 2
# From so many letters on, two edits may lie between it and what is meant.
_LONG = 8
_REMEMBERED = 4096


def _slip(typed: str, meant: str) -> int:
    """How likely a slip makes the one of the other, 0 likeliest: letters left out, then two changed over."""
    letters = iter(meant)
    if len(meant) > len(typed) and all(letter in letters for letter in typed):
        return 0
    return 1 if sorted(typed) == sorted(meant) else _ANOTHER


class Spelling:
    """Knows the words of the examples; ``counts`` says how often each comes."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = {word: count for word, count in counts.items() if count >= _KNOWN_FROM}
        self._targets = [word for word, count in self.counts.items() if count >= _TARGET_FROM]
        self._nearest = lru_cache(_REMEMBERED)(self._look)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Spelling":
        """Of the texts that a head is tuned on."""
        return cls(Counter(word.casefold() for text in texts for word in _WORD.findall(text)))

    def respelled(self, text: str) -> str:
        """The text with each unknown word as the known one that it nearly is, if there is one."""
        return _WORD.sub(lambda found: self._nearest(found.group()), text)

    def _look(self, word: str) -> str:
        plain = word.casefold()
        if len(plain) < _SHORTEST or plain in self.counts:
            return word
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        most = 2 if len(plain) >= _LONG else 1
        near = process.extract(plain, self._targets, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = [(far, _slip(plain, one), -self.counts[one], one) for one, far, _ in near]
        likely = [each for each in ranked if len(plain) > _SHORT or each[1] < _ANOTHER]
        return min(likely)[3] if likely else word

    def save(self, folder: Path) -> None:
        """Write ``words.txt``: a word and how often it comes, a line each, in the alphabet's order."""
        lines = (f"{word} {count}\n" for word, count in sorted(self.counts.items()))
        (folder / FILE).write_text("".join(lines), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Spelling | None":
        """Read it; None where there is none.

        Raises:
            ModelUnavailable: the file is no list of words.
        """
        file = folder / FILE
        if not file.is_file():
            return None
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
            return cls({word: int(count) for word, count in (line.split(" ") for line in lines)})
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"{file} can't be read as words: {error}. Make it with `balie tune`."
            ) from error
