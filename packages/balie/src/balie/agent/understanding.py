"""What a message means: which of the commands that are legal now, once or several times.

What needs no model is in :mod:`balie.agent.exact`. Everything else is one reading by the encoder and its
heads, of the whole message and of the parts it could be cut into.
"""

from collections.abc import Collection

from balie.agent import team as commands
from balie.agent.clauses import clauses, without_quotes
from balie.agent.exact import Understood
from balie.agent.reading import FILLER, MOOD, QUESTION, REFUSED_FROM, STEERING, UPSET, Reader
from balie.agent.several import Several
from balie.agent.state import Wish
from balie.agent.team import Team
from balie.routing import Models, Reading

_UPSET_FROM = 0.8
# A part that is clearer than the whole by this much says what the rest is about.
_CLEARER_BY = 0.15
# A command that the caller may not use is told so when it is this clear.
_BARRED_FROM = 0.9


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
    reader = Reader(team, legal, idle, team.takes_what_is_named(message, recognised), language)
    if len(read) > 1 and (several := Several(reader).wishes(message, parts, read, whole)):
        wishes, confidence = several
        return Understood(wishes, confidence, upset, used_model=True)
    ranked = reader.ranked(whole)
    best, certainty = ranked[0]
    thresholds = whole.thresholds[QUESTION]
    if barred := _barred(whole, legal):
        return Understood([Wish(barred, message)], thresholds.confident, upset, used_model=True)
    if certainty < thresholds.confident and reader.refuses(read):
        return Understood([Wish(commands.REJECT, message)], REFUSED_FROM, upset, used_model=True)
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
    doubtful = [name for name, p in ranked[:3] if p >= 0.1 and name not in FILLER | STEERING]
    return Understood([], certainty, upset, doubtful, used_model=True)


def _barred(whole: Reading, legal: Collection[str]) -> str | None:
    """The command that is clearly meant and not for this caller: that is said, and no other one is guessed."""
    best, certainty = max(whole.answers[QUESTION].items(), key=lambda pair: pair[1])
    return best if best not in legal and certainty >= _BARRED_FROM else None
