"""What the encoder's reading of a text means for one caller at one point of a conversation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from balie.agent import team as commands
from balie.agent.clauses import Clause
from balie.agent.team import Team
from balie.routing import Reading

QUESTION = "command"
"""The name of the question that every vertical's head answers."""
MOOD = "mood"
UPSET = "upset"
"""The answer to the question that every vertical's second head answers."""
FILLER = frozenset({commands.SMALL_TALK, commands.OUT_OF_SCOPE, commands.HELP})
"""Beside other wishes these say nothing: "hi, where is …", "…, thanks"."""
STEERING = frozenset({commands.CONFIRM, commands.REJECT, commands.CORRECT, commands.STOP, commands.REPEAT})
"""They steer the conversation and never stand in the middle of a message."""
REFUSED_FROM = 0.95
"""In doubt a part that so clearly wants what waits for a yes left as it is has the say: that changes nothing."""

# How much likelier a tool is when the message names what it takes.
_FOR_FITTING = 3.0
# What would steer nothing ("stop", with nothing going on) is believed only when it is this clear.
_IDLE_FROM = 0.97


@dataclass(frozen=True, slots=True)
class Reader:
    """Weighs what a head says by what is legal, what would be about nothing, and what the message names."""

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
            if self.inside(reading) and certainty >= at_least and best not in FILLER
            else None
        )

    def inside(self, reading: Reading) -> bool:
        """Whether it is about anything that this desk does."""
        known = reading.inside.get(QUESTION, 1.0)
        if self.fitting:
            known = max(known, 1 - dict(self.ranked(reading)).get(commands.OUT_OF_SCOPE, 0.0))
        return known >= reading.thresholds[QUESTION].inside

    def refuses(self, readings: Sequence[Reading]) -> bool:
        """Whether something waits for a yes and a part clearly is a no."""
        said = [self.clear(reading, REFUSED_FROM) for reading in readings]
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
            and found[0] not in STEERING
        ]
        return max(clear, key=lambda pair: pair[1]) if clear else None
