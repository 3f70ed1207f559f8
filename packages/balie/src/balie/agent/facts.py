"""Does a text say only what its sources say?"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\s,;:!?()\"“”‘’\[\]]+")
_SENTENCE_END = re.compile(r"[.!?:\n]")
# Words that English writes with a capital wherever they stand; they name nobody.
_ALWAYS_CAPITAL = frozenset(
    (
        "i i'm i'll i've i'd monday tuesday wednesday thursday friday saturday sunday january february march "
        "april may june july august september october november december"
    ).split()
)


def _bare(word: str) -> str:
    return word.strip(".'’*_`").casefold().removesuffix("'s").removesuffix("’s")


def unsupported(text: str, sources: Iterable[str]) -> list[str]:
    """The words of ``text`` that state a fact none of the sources state, in order.

    A fact is a word with a digit in it (a number, date, amount, identifier), an address with an @,
    or a name: a word with a capital that does not begin a sentence.
    """
    known = {_bare(word) for source in sources for word in _WORD.findall(source)}
    strange: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found.group()
        bare = _bare(word)
        # What stands between two words, and the point that the first of them may end with.
        between = text[max(end - 1, 0) : found.start()]
        begins_sentence = end == 0 or bool(_SENTENCE_END.search(between))
        end = found.end()
        names_something = word[0].isupper() and not begins_sentence and bare not in _ALWAYS_CAPITAL
        states_value = any(c.isdigit() for c in word) or "@" in word
        if (names_something or states_value) and bare not in known:
            strange.append(word)
    return strange
