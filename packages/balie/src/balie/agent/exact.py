"""What needs no model: exact words, shortcuts, an option that is picked, and other plain facts of a wording."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from balie.agent import team as commands
from balie.agent.state import State, Waiting, Wish
from balie.agent.team import Team
from balie.agent.tools import Effect
from balie.agent.wording import COUNTING, ELSEWHERE, EXACT, GOING_ON

_ORDINALS = {"en": {"first": 0, "second": 1, "third": 2, "last": -1}}
_AROUND_IDENTIFIER = re.compile(
    r"^\s*(?:(?:and|also|or|then|ok|okay|what about|how about)[\s,]+)+|[\s,]*(?:please|pls|then|too)?[\s.?!]*$",
    re.IGNORECASE,
)
# "No, three" and "no, 10234 please" put one value in the place of another.
_CORRECTION_WORDS = 3
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
    """Whether it is a no with something after it: "no, three", "forget that, …"."""
    first, _, rest = message.partition(",")
    return bool(rest) and exactly(first, language) in {commands.REJECT, commands.STOP}


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
    if deciding and begins_with_no(message, language) and is_remark(rest, team, language):
        return Understood([Wish(commands.REJECT, message)])
    corrects = 0 < len(rest.split()) <= _CORRECTION_WORDS and counts(rest, language) and "?" not in rest
    if deciding and corrects and begins_with_no(message, language):
        return Understood([Wish(commands.CORRECT, message)])
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


def goes_on(text: str, language: str) -> bool:
    """Whether it begins as what speaks on of the same thing ("it stopped yesterday")."""
    first = text.casefold().split(maxsplit=1)[0].strip(".,;:!?")
    return first in GOING_ON.get(language, GOING_ON["en"])


def is_remark(text: str, team: Team, language: str) -> bool:
    """Whether nothing is named, counted or asked in it."""
    names_something = team.as_read(text) != text or counts(text, language)
    return not names_something and not points_elsewhere(text, language) and "?" not in text


def counts(text: str, language: str) -> bool:
    """Whether a number or a word for one is in it."""
    words = set(plain(text).split())
    return any(c.isdigit() for c in text) or bool(words & COUNTING.get(language, COUNTING["en"]))


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
