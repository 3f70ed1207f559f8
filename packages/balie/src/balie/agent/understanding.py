"""What a message means: which of the commands that are legal now, once or several times.

What needs no model is in :mod:`balie.agent.exact`. Everything else is one reading by the encoder and its
heads, of the whole message and of the parts it could be cut into.
"""

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from balie.agent import team as commands
from balie.agent.clauses import Clause, clauses, join, without_quotes
from balie.agent.exact import Understood, counts, exactly, goes_on, is_remark
from balie.agent.state import Wish
from balie.agent.team import Team
from balie.agent.tools import Effect
from balie.agent.wording import ASKING, QUESTIONS
from balie.routing import Models, Reading

QUESTION = "command"
"""The name of the question that every vertical's head answers."""
MOOD = "mood"
UPSET = "upset"

_UPSET_FROM = 0.8
# A part of a message counts as a wish of its own only when it is this clear, and clearer still where the
# whole message is clear about one wish.
_PART_FROM = 0.7
# A question of its own that reads as what the whole is clear about.
_PART_LIKE_WHOLE_FROM = 0.5
_PART_BESIDE_CLEAR_WHOLE_FROM = 0.97
_NAMING_BESIDE_CLEAR_WHOLE_FROM = 0.9  # where it also names what it is about
_CLEAR_WHOLE_FROM = 0.9
# And the whole message must have heard of it too, or the part is a mere remark; but for a part that asks
# something by itself and does not merely hang on by a comma: beside another wish the whole hears only one.
_SUPPORT_FROM = 0.004
# A part that is clearer than the whole by this much says what the rest is about.
_CLEARER_BY = 0.15
# The whole message must speak so much of a command that takes a list for a bare part to be one more of it.
_GATHERING_FROM = 0.2
# A command that the caller may not use is told so when it is this clear.
_BARRED_FROM = 0.9
# In doubt a part that clearly wants what waits for a yes left as it is has the say: that changes nothing.
_REFUSED_FROM = 0.95
# From here on a part that is about nothing here is left out of the others.
_TALK_FROM = 0.8
# How much likelier a tool is when the message names what it takes.
_FOR_FITTING = 3.0
# What would steer nothing ("stop", with nothing going on) is believed only when it is this clear.
_IDLE_FROM = 0.97
# Beside other wishes these say nothing: "hi, where is …", "…, thanks".
_FILLER = frozenset({commands.SMALL_TALK, commands.OUT_OF_SCOPE, commands.HELP})
# They steer the conversation and never stand in the middle of a message.
_STEERING = frozenset({commands.CONFIRM, commands.REJECT, commands.CORRECT, commands.STOP, commands.REPEAT})


async def understand(
    message: str,
    models: Models,
    team: Team,
    legal: Collection[str],
    idle: Collection[str],
    language: str,
    recognised: Collection[str] = (),
) -> Understood:
    """Read a message with the models.

    Args:
        legal: the commands that exist for the caller; others are never chosen.
        idle: those among them that would be about nothing now; they must be very clear.
        recognised: the parameters that something in the message can be, see :class:`Team`.

    Raises:
        ModelUnavailable: there is no encoder to ask.
    """
    said = without_quotes(message)
    parts = clauses(said)
    texts = [said, *(part.text for part in parts)] if len(parts) > 1 else [said]
    whole, *read = await models.classify([team.as_read(text) for text in texts])
    upset = whole.answers.get(MOOD, {}).get(UPSET, 0.0) >= _UPSET_FROM
    reader = _Reader(team, legal, idle, team.takes_what_is_named(message, recognised), language)
    if len(read) > 1 and (several := reader.several(message, parts, read, whole)):
        wishes, confidence = several
        return Understood(wishes, confidence, upset, used_model=True)
    ranked = reader.ranked(whole)
    best, certainty = ranked[0]
    thresholds = whole.thresholds[QUESTION]
    if barred := _barred(whole, legal):
        return Understood([Wish(barred, message)], thresholds.confident, upset, used_model=True)
    if certainty < thresholds.confident and reader.refuses(read):
        return Understood([Wish(commands.REJECT, message)], _REFUSED_FROM, upset, used_model=True)
    if best == commands.OUT_OF_SCOPE or not reader.inside(whole):
        # A greeting or a rant around one clear wish must not hide it.
        if clear := reader.clearest(parts, read):
            return Understood([Wish(clear[0], message)], clear[1], upset, used_model=True)
        return Understood([Wish(commands.OUT_OF_SCOPE, message)], certainty, upset, used_model=True)
    clear = reader.clearest(parts, read)
    if clear and (certainty < thresholds.confident or clear[1] > certainty + _CLEARER_BY):
        return Understood([Wish(clear[0], message)], clear[1], upset, used_model=True)
    if certainty >= thresholds.confident:
        return Understood([Wish(best, message)], certainty, upset, used_model=True)
    doubtful = [name for name, p in ranked[:3] if p >= 0.1 and name not in _FILLER | _STEERING]
    return Understood([], certainty, upset, doubtful, used_model=True)


def _barred(whole: Reading, legal: Collection[str]) -> str | None:
    """The command that is clearly meant and not for this caller: that is said, and no other one is guessed."""
    best, certainty = max(whole.answers[QUESTION].items(), key=lambda pair: pair[1])
    return best if best not in legal and certainty >= _BARRED_FROM else None


def _firmly_joined(message: str, parts: Sequence[Clause]) -> list[bool]:
    """Of each part, whether a word ("and") or a sentence's end stands between it and its neighbour."""
    joints = [message[a.end : b.start] for a, b in itertools.pairwise(parts)]
    ends = [part.text.endswith((".", "!", "?")) for part in parts]
    firm = [ends[n] or bool(joint.strip(" ,;")) for n, joint in enumerate(joints)]
    return [firm[max(place - 1, 0)] for place in range(len(parts))]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What readings mean for one caller at one point of a conversation."""

    team: Team
    legal: Collection[str]
    idle: Collection[str]
    fitting: Collection[str]
    """Tools that take what the message names; that it names it speaks for them, and for a correction."""
    language: str

    def ranked(self, reading: Reading) -> list[tuple[str, float]]:
        """Legal commands, likeliest first, their probabilities adding up to one."""
        answers: Mapping[str, float] = reading.answers[QUESTION]
        kept = {
            name: p
            * (_FOR_FITTING if name in self.fitting or (self.fitting and name == commands.CORRECT) else 1.0)
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
        firm = _firmly_joined(message, parts)
        parts = list(parts)
        told = gathered = talk = False
        starts, since = [part.start for part in parts], 0
        for place, reading in enumerate(readings):
            part = parts[place]
            before = message[: part.start].rstrip()
            told = told or bool(found and re.search(r":\s", message[since : part.start]))
            if place + 1 < len(parts) and self._opens(part, parts[place + 1], joined=not firm[place + 1]):
                parts[place + 1] = join(message, part, parts[place + 1])
                firm[place + 1] = firm[place]
                continue
            if found and self._adds_what_it_takes(found[-1][0], part):
                found[-1] = (found[-1][0], join(message, found[-1][1], part), found[-1][2])
                continue
            alone = firm[place] and not self._names_only(part)
            if alone and not told and self._is_talk(part, reading):
                talk = True
                continue
            clear = None
            if not told:
                needed = {} if alone else support
                clear = self._part(part, place, reading, one, needed, asked=before.endswith("?"))
            listed = place + 1 < len(parts) and self._names_only(parts[place + 1])
            if not told and (more := self._one_more(part, reading, found, support, listed=listed)):
                clear = more
                gathered = gathered or bool(found)
                if found and found[-1][0] in self.team.gathers[more[0]]:
                    found[-1] = (more[0], *found[-1][1:])
            if clear and found and self._is_described(found[-1][0], clear[0], part):
                clear = None
            if clear and found and self._was_the_reason(found[-1][0], clear[0], before):
                found[-1] = (clear[0], join(message, found[-1][1], part), clear[1])
            elif clear and not (
                found and found[-1][0] == clear[0] and not (alone and self._again(found[-1]))
            ):
                found.append((clear[0], part, clear[1]))
                since = starts[place]
            elif found:
                command, earlier, certainty = found[-1]
                found[-1] = (command, join(message, earlier, part), certainty)
            elif place + 1 < len(parts):
                parts[place + 1] = join(message, part, parts[place + 1])
        if one and one[0] == commands.CORRECT:
            return None
        # What follows a colon is what somebody is to be told, whatever it would ask by itself.
        enough = 1 if gathered or told or (talk and not (one and found and found[0][0] != one[0])) else 2
        if len(found) < enough or found[0][0] == commands.CORRECT:
            return None
        around = message if talk else ""
        wishes = [Wish(command, part.text, part.start, around) for command, part, _ in found]
        return wishes, min(certainty for *_, certainty in found)

    def _part(
        self,
        part: Clause,
        place: int,
        reading: Reading,
        one: tuple[str, float] | None,
        support: Mapping[str, float],
        *,
        asked: bool,
    ) -> tuple[str, float] | None:
        """The wish that a part is by itself, or None where it belongs to its neighbours.

        Args:
            one: what the whole message is clear about, if anything.
            support: what the whole message says of each command; empty where the part needs none.
            asked: a question stands before it.
        """
        if place == 0 and (said := exactly(part.text, self.language)) in _STEERING:
            # "Stop! Cancel my order", with nothing going on: only how the wish begins.
            return None if said in self.idle else (said or "", 1.0)
        agrees = one is not None and not support and part.text.endswith("?")
        clear = self.clear(reading, _PART_LIKE_WHOLE_FROM if agrees else _PART_FROM)
        if clear and one and clear[0] != one[0] and clear[1] < _PART_FROM:
            return None
        if clear is None:
            return None
        command, certainty = clear
        # "What does that cost? Because I want to return it": the question is one of its own.
        tells_why = asked and command in self.team.described and certainty >= _PART_BESIDE_CLEAR_WHOLE_FROM
        if goes_on(part.text, self.language) and not tells_why:
            return None
        if command in _STEERING and place > 0:
            return None
        names_its_thing = not support and command in self.team.takes_what_is_named(part.text)
        beside = _NAMING_BESIDE_CLEAR_WHOLE_FROM if names_its_thing else _PART_BESIDE_CLEAR_WHOLE_FROM
        if one and command != one[0] and certainty < beside:
            return None
        if support and support.get(command, 0.0) < _SUPPORT_FROM:
            return None
        return clear

    def _opens(self, part: Clause, following: Clause, *, joined: bool) -> bool:
        """Whether a part only says what the next one asks about: "the shop in Groningen, is it open?"."""
        bare = self._names_only(part) and not counts(part.text, self.language)
        return joined and bare and not self._names_only(following)

    def _adds_what_it_takes(self, command: str, part: Clause) -> bool:
        """Whether a part is nothing but the number of what a command is about: "did you pay it? Order 10177."."""
        return self.team.only_names(part.text) and command in self.team.takes_what_is_named(part.text)

    def _is_talk(self, part: Clause, reading: Reading) -> bool:
        """Whether a part is about nothing that this desk does, and names nothing: a story around a wish."""
        best, certainty = self.ranked(reading)[0]
        talk = best in _FILLER and certainty >= _TALK_FROM
        return talk and is_remark(part.text.rstrip("?"), self.team, self.language)

    def _again(self, found: tuple[str, Clause, float]) -> bool:
        """Whether a wish only reads, one thing at a time, and asks: to ask twice is to ask two things."""
        command, part, _ = found
        tool = self.team.tools.get(command)
        reads = tool is not None and tool.effect is Effect.READ and command not in self.team.gathers
        return reads and not self._names_only(part)

    def _was_the_reason(self, earlier: str, later: str, before: str) -> bool:
        """Whether what came first only told why: "it arrived damaged, please exchange it" is one wish."""
        both = {earlier, later} <= self.team.described
        return both and earlier != later and before.endswith(",")

    def _is_described(self, earlier: str, later: str, part: Clause) -> bool:
        """Whether a part only describes what is to be done about it: "file a ticket. My radio gave me a shock"."""
        tool = self.team.tools.get(later)
        reads = tool is not None and tool.effect is Effect.READ
        tells = "?" not in part.text and not self._asks_within(part)
        return earlier in self.team.described and reads and tells

    def _asks_within(self, part: Clause) -> bool:
        """Whether it asks or tells to do something; "when" and "what" join sentences unless one begins so."""
        first, *rest = re.findall(r"[\w']+", part.text.casefold()) or [""]
        asking = ASKING.get(self.language, ASKING["en"])
        return first in asking or bool((asking - QUESTIONS.get(self.language, QUESTIONS["en"])) & set(rest))

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
        if not self.team.gathers or not self._names_only(part):
            return None
        last = found[-1][0] if found else ""
        likeliest = max(self.team.gathers, key=lambda name: support.get(name, 0.0))
        into = last if last in self.team.gathers else likeliest
        if into != last:
            # One thing alone is no list, unless that is what the whole message is about.
            rival = support.get(last, 0.0) if found or listed else max(support.values())
            if support.get(into, 0.0) < max(_GATHERING_FROM, rival):
                return None
        by_itself = self.clear(reading, _PART_FROM)
        if by_itself and by_itself[0] != into and by_itself[0] not in self.team.gathers[into]:
            return None
        return into, max(support.get(into, 0.0), _PART_FROM)

    def _names_only(self, part: Clause) -> bool:
        """Whether a part has no word that asks or tells something by itself."""
        words = set(re.findall(r"[\w']+", part.text.casefold()))
        return not words & ASKING.get(self.language, ASKING["en"])

    def refuses(self, readings: Sequence[Reading]) -> bool:
        """Whether something waits for a yes and a part clearly is a no."""
        said = [self.clear(reading, _REFUSED_FROM) for reading in readings]
        return commands.REJECT not in self.idle and any(
            found is not None and found[0] in {commands.REJECT, commands.STOP} for found in said
        )

    def clearest(self, parts: Sequence[Clause], readings: list[Reading]) -> tuple[str, float] | None:
        """The command of the part that is clear by itself, where the whole is not."""
        clear = [
            found
            for part, reading in zip(parts, readings, strict=False)
            if not self.team.only_names(part.text)
            and (found := self.clear(reading, reading.thresholds[QUESTION].confident))
            and found[0] not in _STEERING
        ]
        return max(clear, key=lambda pair: pair[1]) if clear else None
