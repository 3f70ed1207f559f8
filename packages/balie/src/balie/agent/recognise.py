"""Resolvers that every domain can use: free text, a closed set, what a pattern finds."""

import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from balie.agent.resolution import Candidate, Evidence, ResolveContext, Resolver

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Words that carry no description by themselves.
_STOP_WORDS = frozenset(
    (
        "a about again all also am an and any are as at be been but by can can't could dear did do does don't "
        "for from get give go got had has have hello help hey hi how i i'd i'll i'm i've if in is it it's its "
        "just know let like me my need no not now of ok on one or our out please put really should so some "
        "something tell thank thanks that that's the their them then there they this to today too up us very "
        "want was we were what when where which who why will with would yes you your"
    ).split()
)


def free_text(own_words: Collection[str], *, at_least: int = 2) -> Resolver:
    """A description in the person's own words.

    A message that only names the wish ("I want to file a complaint") describes nothing yet: at least
    ``at_least`` words must remain beside ordinary ones and ``own_words``, those of the wish itself.
    """
    own = frozenset(own_words)

    async def resolve(ctx: ResolveContext) -> Sequence[Candidate]:
        text = ctx.text.strip()
        telling = [w for w in _WORD.findall(text.casefold()) if w not in _STOP_WORDS and w not in own]
        if not text or (not ctx.asked and len(telling) < at_least):
            return []
        start = len(ctx.text) - len(ctx.text.lstrip())
        return [ctx.found(text, start, start + len(text))]

    return resolve


def one_of(words: Mapping[StrEnum, str]) -> Resolver:
    """A member of a closed set, by a regular expression of the words that mean it; the first that fits."""
    shapes = {member: re.compile(pattern, re.IGNORECASE) for member, pattern in words.items()}

    async def resolve(ctx: ResolveContext) -> Sequence[Candidate]:
        for member, shape in shapes.items():
            if found := shape.search(ctx.text):
                return [ctx.found(member.value, *found.span())]
        return []

    return resolve


def named(ctx: ResolveContext, shape: re.Pattern[str], form: str = "{}") -> list[Candidate]:
    """Everything that ``shape`` finds in the text, once each; its first group is put into ``form``."""
    seen: dict[str, Candidate] = {}
    for found in shape.finditer(ctx.text):
        value = form.format(found.group(1)).upper()
        seen.setdefault(value, ctx.found(value, *found.span()))
    return list(seen.values())


def in_focus(ctx: ResolveContext, name: str) -> list[Candidate]:
    """What was spoken of last under this parameter's name, unless it was just refused."""
    value = ctx.focus.get(name)
    if value is None or str(value) in ctx.excluded:
        return []
    return [Candidate(value, str(value), Evidence("conversation"))]


def from_database(value: Any, label: str) -> Candidate:
    """Something that could be meant although the message does not name it."""
    return Candidate(value, label, Evidence("database"))
