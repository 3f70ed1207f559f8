"""What a message means: which of the commands that are legal now, once or several times.

Exact words and shortcuts need no model. Everything else is one reading by the encoder and its heads,
of the whole message and of the parts it could be cut into.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from balie.agent import team as commands
from balie.agent.clauses import Clause, clauses, join
from balie.agent.state import State, Waiting, Wish
from balie.agent.team import Team
from balie.agent.tools import Effect
from balie.agent.wording import ASKING, COUNTING, ELSEWHERE, EXACT, GOING_ON
from balie.routing import Models, Reading

QUESTION = "command"
"""The name of the question that every vertical's head answers."""
MOOD = "mood"
UPSET = "upset"

_UPSET_FROM = 0.8
# A part of a message counts as a wish of its own only when it is this clear, and clearer still where the
# whole message is clear about one wish.
_PART_FROM = 0.7
_PART_BESIDE_CLEAR_WHOLE_FROM = 0.85
_CLEAR_WHOLE_FROM = 0.9
# And the whole message must have heard of it too, or the part is a mere remark.
_SUPPORT_FROM = 0.004
# A sentence of its own does not need that when it is clear enough.
_SENTENCE_FROM = 0.93
# A part that is clearer than the whole by this much says what the rest is about.
_CLEARER_BY = 0.15
# The whole message must speak so much of a command that takes a list for a bare part to be one more of it.
_GATHERING_FROM = 0.2
# How much likelier a tool is when the message names what it takes.
_FOR_FITTING = 3.0
# What would steer nothing ("stop", with nothing going on) is believed only when it is this clear.
_IDLE_FROM = 0.9
# Beside other wishes these say nothing: "hi, where is …", "…, thanks".
_FILLER = frozenset({commands.SMALL_TALK, commands.OUT_OF_SCOPE, commands.HELP})
# They steer the conversation and never stand in the middle of a message.
_STEERING = frozenset({commands.CONFIRM, commands.REJECT, commands.CORRECT, commands.STOP, commands.REPEAT})

_ORDINALS = {"en": {"first": 0, "second": 1, "third": 2, "last": -1}}
_AROUND_IDENTIFIER = re.compile(
    r"^\s*(?:(?:and|also|or|then|ok|okay|what about|how about)[\s,]+)+|[\s,]*(?:please|pls|then|too)?[\s.?!]*$",
    re.IGNORECASE,
)
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


def begins_with_no(message: str, language: str) -> bool:
    """Whether it is a no with something after it: "no, three"."""
    first, _, rest = message.partition(",")
    return bool(rest) and exactly(first, language) == commands.REJECT


def fast_path(
    message: str, team: Team, legal: Collection[str], language: str, *, last: str | None, deciding: bool
) -> Understood | None:
    """What needs no model: exact words, ``/tool …``, an identifier alone.

    Args:
        last: the tool that was used last; "and 10234?" means it again.
        deciding: a yes or a no is waited for.
    """
    if command := exactly(message, language):
        return Understood([Wish(command, message)])
    _, _, rest = message.partition(",")
    if deciding and begins_with_no(message, language) and _is_remark(rest, team, language):
        return Understood([Wish(commands.REJECT, message)])
    if message.startswith("/"):
        name, _, rest = message[1:].partition(" ")
        if name in legal:
            return Understood([Wish(name, rest, offset=len(message) - len(rest))])
    bare = _AROUND_IDENTIFIER.sub("", message).strip()
    for shape, command in team.shortcuts:
        if command in legal and shape.fullmatch(bare):
            return Understood([Wish(_again(last, command, team), message)])
    return None


def _again(last: str | None, command: str, team: Team) -> str:
    """The tool that was used last, where it only reads and takes what this one takes."""
    tool = team.tools.get(last or "")
    if tool and tool.effect is Effect.READ and tool.parameters[:1] == team.tools[command].parameters[:1]:
        return tool.name
    return command


def _goes_on(text: str, language: str) -> bool:
    """Whether it begins as what speaks on of the same thing ("it stopped yesterday")."""
    first = text.casefold().split(maxsplit=1)[0].strip(".,;:!?")
    return first in GOING_ON.get(language, GOING_ON["en"])


def _is_remark(text: str, team: Team, language: str) -> bool:
    """Whether nothing is named, counted or asked in it."""
    counts = any(c.isdigit() for c in text) or set(plain(text).split()) & COUNTING.get(
        language, COUNTING["en"]
    )
    names_something = team.as_read(text) != text or bool(counts)
    return not names_something and not points_elsewhere(text, language) and "?" not in text


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


def points_elsewhere(message: str, language: str) -> bool:
    """Whether the words ask for another one, without naming it."""
    return bool(set(re.findall(r"\w+", message.casefold())) & ELSEWHERE.get(language, ELSEWHERE["en"]))


def nothing_to_steer(state: State, *, deciding: bool) -> frozenset[str]:
    """The built-in commands that would be about nothing at this point.

    Args:
        deciding: something waits for a yes, or did until its time was over.
    """
    idle: set[str] = set()
    if not (deciding or state.waiting):
        idle |= {commands.CONFIRM, commands.REJECT, commands.STOP}
    if not (deciding or state.waiting or state.last):
        idle.add(commands.CORRECT)
    if not state.last_reply:
        idle.add(commands.REPEAT)
    return frozenset(idle)


async def understand(
    message: str, models: Models, team: Team, legal: Collection[str], idle: Collection[str], language: str
) -> Understood:
    """Read a message with the models.

    Args:
        legal: the commands that exist for the caller; others are never chosen.
        idle: those among them that would be about nothing now; they must be very clear.

    Raises:
        ModelUnavailable: there is no encoder to ask.
    """
    parts = clauses(message)
    texts = [message, *(part.text for part in parts)] if len(parts) > 1 else [message]
    whole, *read = await models.classify([team.as_read(text) for text in texts])
    upset = whole.answers.get(MOOD, {}).get(UPSET, 0.0) >= _UPSET_FROM
    reader = _Reader(legal, idle, team.takes_what_is_named(message), team.gathers, team.described, language)
    if len(read) > 1 and (several := reader.several(message, parts, read, whole)):
        wishes, confidence = several
        return Understood(wishes, confidence, upset, used_model=True)
    ranked = reader.ranked(whole)
    best, certainty = ranked[0]
    thresholds = whole.thresholds[QUESTION]
    if best == commands.OUT_OF_SCOPE or not reader.inside(whole):
        # A greeting or a rant around one clear wish must not hide it.
        if clear := reader.clearest(read):
            return Understood([Wish(clear[0], message)], clear[1], upset, used_model=True)
        return Understood([Wish(commands.OUT_OF_SCOPE, message)], certainty, upset, used_model=True)
    clear = reader.clearest(read)
    if clear and (certainty < thresholds.confident or clear[1] > certainty + _CLEARER_BY):
        return Understood([Wish(clear[0], message)], clear[1], upset, used_model=True)
    if certainty >= thresholds.confident:
        return Understood([Wish(best, message)], certainty, upset, used_model=True)
    doubtful = [name for name, p in ranked[:3] if p >= 0.1 and name not in _FILLER | _STEERING]
    return Understood([], certainty, upset, doubtful, used_model=True)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What readings mean for one caller at one point of a conversation."""

    legal: Collection[str]
    idle: Collection[str]
    fitting: Collection[str]
    """Tools that take what the message names; that it names it speaks for them."""
    gathers: Mapping[str, Collection[str]]
    """See :class:`balie.agent.team.Team`."""
    described: Collection[str]
    """See :class:`balie.agent.team.Team`."""
    language: str

    def ranked(self, reading: Reading) -> list[tuple[str, float]]:
        """Legal commands, likeliest first, their probabilities adding up to one."""
        answers: Mapping[str, float] = reading.answers[QUESTION]
        kept = {
            name: p * (_FOR_FITTING if name in self.fitting else 1.0)
            for name, p in answers.items()
            if name in self.legal
        }
        while True:
            total = sum(kept.values()) or 1.0
            ranked = sorted(((name, p / total) for name, p in kept.items()), key=lambda pair: -pair[1])
            best, certainty = ranked[0]
            if best not in self.idle or certainty >= _IDLE_FROM or len(kept) == 1:
                return ranked
            del kept[best]

    def clear(self, reading: Reading, at_least: float) -> tuple[str, float] | None:
        """The command that a reading is clear about, and how clear."""
        best, certainty = self.ranked(reading)[0]
        return (
            (best, certainty)
            if self.inside(reading) and certainty >= at_least and best not in _FILLER
            else None
        )

    def inside(self, reading: Reading) -> bool:
        """Whether it is about anything that this desk does."""
        known = reading.inside.get(QUESTION, 1.0)
        if self.fitting:
            known = max(known, 1 - dict(self.ranked(reading)).get(commands.OUT_OF_SCOPE, 0.0))
        return known >= reading.thresholds[QUESTION].inside

    def several(
        self, message: str, parts: list[Clause], readings: list[Reading], whole: Reading
    ) -> tuple[list[Wish], float] | None:
        """More than one wish, or one with several things; None where the whole message says it better."""
        found: list[tuple[str, Clause, float]] = []
        one = self.clear(whole, _CLEAR_WHOLE_FROM)
        support = dict(self.ranked(whole))
        parts = list(parts)
        told = gathered = False
        for place, reading in enumerate(readings):
            part = parts[place]
            before = message[: part.start].rstrip()
            told = told or bool(found and before.endswith(":"))
            clear = None if told else self._part(part, place, before, reading, one, support)
            listed = place + 1 < len(parts) and self._names_only(parts[place + 1])
            if not told and (more := self._one_more(part, reading, found, support, listed=listed)):
                clear = more
                gathered = gathered or bool(found)
                if found and found[-1][0] in self.gathers[more[0]]:
                    found[-1] = (more[0], *found[-1][1:])
            if clear and found and self._was_the_reason(found[-1][0], clear[0], before):
                found[-1] = (clear[0], join(message, found[-1][1], part), clear[1])
            elif clear and not (found and found[-1][0] == clear[0]):
                found.append((clear[0], part, clear[1]))
            elif found:
                command, earlier, certainty = found[-1]
                found[-1] = (command, join(message, earlier, part), certainty)
            elif place + 1 < len(parts):
                parts[place + 1] = join(message, part, parts[place + 1])
        if one and one[0] == commands.CORRECT:
            return None
        if len(found) < (1 if gathered else 2) or found[0][0] == commands.CORRECT:
            return None
        wishes = [Wish(command, part.text, part.start) for command, part, _ in found]
        return wishes, min(certainty for *_, certainty in found)

    def _part(
        self,
        part: Clause,
        place: int,
        before: str,
        reading: Reading,
        one: tuple[str, float] | None,
        support: Mapping[str, float],
    ) -> tuple[str, float] | None:
        """The wish that a part is by itself, or None where it belongs to its neighbours.

        Args:
            before: the message up to the part.
            one: what the whole message is clear about, if anything.
            support: what the whole message says of each command.
        """
        if place == 0 and (said := exactly(part.text, self.language)) in _STEERING:
            return said or "", 1.0
        clear = self.clear(reading, _PART_FROM)
        if clear is None or _goes_on(part.text, self.language):
            return None
        command, certainty = clear
        if command in _STEERING and place > 0:
            return None
        if one and command != one[0] and certainty < _PART_BESIDE_CLEAR_WHOLE_FROM:
            return None
        ends = part.text if place == 0 else before
        is_sentence = ends.endswith((".", "!", "?"))
        if support.get(command, 0.0) < _SUPPORT_FROM and not (is_sentence and certainty >= _SENTENCE_FROM):
            return None
        return clear

    def _was_the_reason(self, earlier: str, later: str, before: str) -> bool:
        """Whether what came first only told why: "it arrived damaged, please exchange it" is one wish."""
        both = {earlier, later} <= set(self.described)
        return both and earlier != later and before.endswith(",")

    def _one_more(
        self,
        part: Clause,
        reading: Reading,
        found: list[tuple[str, Clause, float]],
        support: Mapping[str, float],
        *,
        listed: bool,
    ) -> tuple[str, float] | None:
        """The command that takes a list of which a part merely names one more thing ("and the cheapest TV").

        Args:
            listed: the part after it merely names a thing too.
        """
        if not self.gathers or not self._names_only(part):
            return None
        last = found[-1][0] if found else ""
        likeliest = max(self.gathers, key=lambda name: support.get(name, 0.0))
        into = last if last in self.gathers else likeliest
        if into != last:
            # One thing alone is no list, unless that is what the whole message is about.
            rival = support.get(last, 0.0) if found or listed else max(support.values())
            if support.get(into, 0.0) < max(_GATHERING_FROM, rival):
                return None
        by_itself = self.clear(reading, _PART_FROM)
        if by_itself and by_itself[0] != into and by_itself[0] not in self.gathers[into]:
            return None
        return into, max(support.get(into, 0.0), _PART_FROM)

    def _names_only(self, part: Clause) -> bool:
        """Whether a part has no word that asks or tells something by itself."""
        words = set(re.findall(r"[\w']+", part.text.casefold()))
        return not words & ASKING.get(self.language, ASKING["en"])

    def clearest(self, readings: list[Reading]) -> tuple[str, float] | None:
        """The command of the part that is clear by itself, where the whole is not."""
        clear = [
            found
            for reading in readings
            if (found := self.clear(reading, reading.thresholds[QUESTION].confident))
            and found[0] not in _STEERING
        ]
        return max(clear, key=lambda pair: pair[1]) if clear else None
