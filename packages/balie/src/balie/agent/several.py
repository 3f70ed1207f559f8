"""Several wishes in one message: which of the parts that it could be cut into are wishes of their own."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from balie.agent import team as commands
from balie.agent.clauses import Clause, join
from balie.agent.exact import counts, exactly, goes_on, is_remark
from balie.agent.reading import FILLER, STEERING, Reader
from balie.agent.state import Wish
from balie.agent.team import Team
from balie.agent.tools import Effect
from balie.agent.wording import ASKING, QUESTIONS
from balie.routing import Reading

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
# The whole message must speak so much of a command that takes a list for a bare part to be one more of it.
_GATHERING_FROM = 0.2
# From here on a part that is about nothing here is left out of the others.
_TALK_FROM = 0.8


@dataclass(frozen=True, slots=True)
class Several:
    """Looks for them with one reader."""

    reader: Reader

    @property
    def team(self) -> Team:
        """Whose tools they are."""
        return self.reader.team

    @property
    def language(self) -> str:
        """That is understood."""
        return self.reader.language

    def wishes(
        self, message: str, parts: list[Clause], readings: list[Reading], whole: Reading
    ) -> tuple[list[Wish], float] | None:
        """More than one wish, or one with several things; None where the whole message says it better."""
        found: list[tuple[str, Clause, float]] = []
        one = self.reader.clear(whole, _CLEAR_WHOLE_FROM)
        support = dict(self.reader.ranked(whole))
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
        if place == 0 and (said := exactly(part.text, self.language)) in STEERING:
            # "Stop! Cancel my order", with nothing going on: only how the wish begins.
            return None if said in self.reader.idle else (said or "", 1.0)
        agrees = one is not None and not support and part.text.endswith("?")
        clear = self.reader.clear(reading, _PART_LIKE_WHOLE_FROM if agrees else _PART_FROM)
        if clear and one and clear[0] != one[0] and clear[1] < _PART_FROM:
            return None
        if clear is None:
            return None
        command, certainty = clear
        # "What does that cost? Because I want to return it": the question is one of its own.
        tells_why = asked and command in self.team.described and certainty >= _PART_BESIDE_CLEAR_WHOLE_FROM
        if goes_on(part.text, self.language) and not tells_why:
            return None
        if command in STEERING and place > 0:
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
        best, certainty = self.reader.ranked(reading)[0]
        talk = best in FILLER and certainty >= _TALK_FROM
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
        by_itself = self.reader.clear(reading, _PART_FROM)
        if by_itself and by_itself[0] != into and by_itself[0] not in self.team.gathers[into]:
            return None
        return into, max(support.get(into, 0.0), _PART_FROM)

    def _names_only(self, part: Clause) -> bool:
        """Whether a part has no word that asks or tells something by itself."""
        words = set(re.findall(r"[\w']+", part.text.casefold()))
        return not words & ASKING.get(self.language, ASKING["en"])


def _firmly_joined(message: str, parts: Sequence[Clause]) -> list[bool]:
    """Of each part, whether a word ("and") or a sentence's end stands between it and its neighbour."""
    joints = [message[a.end : b.start] for a, b in itertools.pairwise(parts)]
    ends = [part.text.endswith((".", "!", "?")) for part in parts]
    firm = [ends[n] or bool(joint.strip(" ,;")) for n, joint in enumerate(joints)]
    return [firm[max(place - 1, 0)] for place in range(len(parts))]
