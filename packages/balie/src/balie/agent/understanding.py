"""What a message means: which of the commands that are legal now, once or several times.

Exact words and shortcuts need no model. Everything else is one reading by the encoder and its heads,
of the whole message and of the parts it could be cut into.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from balie.agent import team as commands
from balie.agent.clauses import Clause, clauses, join
from balie.agent.state import Waiting, Wish
from balie.agent.team import Team
from balie.agent.wording import EXACT
from balie.routing import Models, Reading

QUESTION = "command"
"""The name of the question that every vertical's head answers."""
MOOD = "mood"
UPSET = "upset"

_UPSET_FROM = 0.8
# A part of a message counts as a wish of its own only when it is this clear.
_PART_FROM = 0.6
# Beside other wishes these say nothing: "hi, where is …", "…, thanks".
_FILLER = frozenset({commands.SMALL_TALK, commands.OUT_OF_SCOPE, commands.HELP})
# They steer the conversation and never stand in the middle of a message.
_STEERING = frozenset({commands.CONFIRM, commands.REJECT, commands.CORRECT, commands.STOP, commands.REPEAT})

_ORDINALS = {"en": {"first": 0, "second": 1, "third": 2, "last": -1}}
_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$")


@dataclass(frozen=True, slots=True)
class Understood:
    """The wishes in their order; ``doubtful`` commands where it is not clear which is meant."""

    wishes: list[Wish]
    confidence: float = 1.0
    upset: bool = False
    doubtful: list[str] = field(default_factory=list)
    used_model: bool = False


def plain(message: str) -> str:
    """Lower case, without what stands around the words."""
    return _EDGES.sub("", message).casefold()


def exactly(message: str, language: str) -> str | None:
    """The built-in command that these exact words are, if any."""
    words = plain(message)
    return next(
        (command for command, said in EXACT.get(language, EXACT["en"]).items() if words in said), None
    )


def fast_path(message: str, team: Team, legal: Collection[str], language: str) -> Understood | None:
    """What needs no model: exact words, ``/tool …``, an identifier alone."""
    if command := exactly(message, language):
        return Understood([Wish(command, message)])
    if message.startswith("/"):
        name, _, rest = message[1:].partition(" ")
        if name in legal:
            return Understood([Wish(name, rest, offset=len(message) - len(rest))])
    for shape, command in team.shortcuts:
        if command in legal and shape.fullmatch(message.strip()):
            return Understood([Wish(command, message)])
    return None


def chosen_option(message: str, waiting: Waiting, language: str) -> int | None:
    """Which option of an open question is meant: by its number, its place or its words."""
    if not waiting.options:
        return None
    words = plain(message)
    if words.isdigit() and 1 <= int(words) <= len(waiting.options):
        return int(words) - 1
    if len(waiting.options) == 1 and exactly(message, language) == commands.CONFIRM:
        return 0
    for word, place in _ORDINALS.get(language, _ORDINALS["en"]).items():
        if re.fullmatch(rf"(?:the\s+)?{word}(?:\s+(?:one|option))?(?:\s+please)?", words):
            return place % len(waiting.options)
    exact = [
        n
        for n, option in enumerate(waiting.options)
        if words in (plain(option.label), str(option.value).casefold())
    ]
    return exact[0] if len(exact) == 1 else None


async def understand(message: str, models: Models, team: Team, legal: Collection[str]) -> Understood:
    """Read a message with the models.

    Args:
        legal: the commands that exist for the caller; others are never chosen.

    Raises:
        ModelUnavailable: there is no encoder to ask.
    """
    parts = clauses(message)
    whole, *read = await models.classify(
        [message, *(part.text for part in parts)] if len(parts) > 1 else [message]
    )
    mood = whole.answers.get(MOOD, {})
    upset = mood.get(UPSET, 0.0) >= _UPSET_FROM
    if len(read) > 1 and (several := _several(message, parts, read, legal)):
        wishes, confidence = several
        return Understood(wishes, confidence, upset, used_model=True)
    ranked = _ranked(whole, legal)
    best, certainty = ranked[0]
    thresholds = whole.thresholds[QUESTION]
    inside = whole.inside.get(QUESTION, 1.0) >= thresholds.inside
    if best == commands.OUT_OF_SCOPE or not inside:
        # A greeting or a rant around one clear wish must not hide it.
        if clear := _clearest(parts, read, legal):
            return Understood([clear[0]], clear[1], upset, used_model=True)
        return Understood([Wish(commands.OUT_OF_SCOPE, message)], certainty, upset, used_model=True)
    if certainty >= thresholds.confident:
        return Understood([Wish(best, message)], certainty, upset, used_model=True)
    if clear := _clearest(parts, read, legal):
        return Understood([Wish(clear[0].command, message)], clear[1], upset, used_model=True)
    doubtful = [name for name, p in ranked[:3] if p >= 0.1 and name not in _FILLER | _STEERING]
    return Understood([], certainty, upset, doubtful, used_model=True)


def _ranked(reading: Reading, legal: Collection[str]) -> list[tuple[str, float]]:
    """Legal commands, likeliest first, their probabilities adding up to one."""
    answers: Mapping[str, float] = reading.answers[QUESTION]
    kept = {name: p for name, p in answers.items() if name in legal}
    total = sum(kept.values()) or 1.0
    return sorted(((name, p / total) for name, p in kept.items()), key=lambda pair: -pair[1])


def _is_clear(reading: Reading, legal: Collection[str], at_least: float) -> tuple[str, float] | None:
    best, certainty = _ranked(reading, legal)[0]
    inside = reading.inside.get(QUESTION, 1.0) >= reading.thresholds[QUESTION].inside
    return (best, certainty) if inside and certainty >= at_least and best not in _FILLER else None


def _several(
    message: str, parts: list[Clause], readings: list[Reading], legal: Collection[str]
) -> tuple[list[Wish], float] | None:
    """More than one wish, or None where the message is one."""
    found: list[tuple[str, Clause, float]] = []
    for place, (part, reading) in enumerate(zip(parts, readings, strict=True)):
        clear = _is_clear(reading, legal, _PART_FROM)
        if clear and clear[0] in _STEERING and place > 0:
            clear = None
        if clear and not (found and found[-1][0] == clear[0]):
            found.append((clear[0], part, clear[1]))
        elif found:
            command, earlier, certainty = found[-1]
            found[-1] = (command, join(message, earlier, part), certainty)
        elif place + 1 < len(parts):
            parts[place + 1] = join(message, part, parts[place + 1])
    if len(found) < 2:
        return None
    if found[0][0] == commands.CORRECT:
        return None
    wishes = [Wish(command, part.text, part.start) for command, part, _ in found]
    return wishes, min(certainty for *_, certainty in found)


def _clearest(
    parts: list[Clause], readings: list[Reading], legal: Collection[str]
) -> tuple[Wish, float] | None:
    clear = [
        (Wish(found[0], part.text, part.start), found[1])
        for part, reading in zip(parts, readings, strict=False)
        if (found := _is_clear(reading, legal, reading.thresholds[QUESTION].confident))
        and found[0] not in _STEERING
    ]
    return max(clear, key=lambda pair: pair[1]) if clear else None
