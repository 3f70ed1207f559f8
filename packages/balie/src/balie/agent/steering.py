"""What steers a conversation: a yes, a no, "never mind", "say that again"."""

import re
from collections.abc import Sequence

from balie.agent import team as commands
from balie.agent.plan import Decide, Say, Step
from balie.agent.state import State, Wish
from balie.agent.turn import Status

# "Yes, print it" says once more what is asked, "yes, and two bulbs" does not.
_POINTING = frozenset({"it", "them", "that", "this", "those", "these", "one", "someone", "somebody"})
_MOST_WORDS = 6


def confirmed(state: State, *, deciding: bool) -> Step:
    """A yes. Where it was asked since which command is meant, the yes may be to that: it is asked once more.

    Args:
        deciding: something waits for a yes, or did until its time was over.
    """
    if not deciding:
        return Say("nothing_to_confirm")
    if state.waiting and state.waiting.kind == "command":
        state.waiting = None
        return Say("to_be_sure", {}, Status.NEEDS_CONFIRMATION)
    return Decide(True)


def stopped(wish: Wish, state: State, *, pending: bool) -> Step:
    """A no, or "never mind"."""
    if pending:
        return Decide(False, "rejected" if wish.command == commands.REJECT else "stopped")
    if state.waiting or state.queue:
        state.waiting, state.queue = None, []
        return Say("stopped")
    return Say("nothing_to_stop")


def repeated(state: State) -> Step:
    """ "Say that again." """
    return Say("verbatim", {"text": state.last_reply}) if state.last_reply else Say("nothing_to_repeat")


def without_echo(wishes: Sequence[Wish], pending: Wish | None) -> list[Wish]:
    """The wishes without one that only says what is pending again, after a yes ("yes, print it")."""
    if pending is None or not wishes or wishes[0].command != commands.CONFIRM:
        return list(wishes)
    return [wish for wish in wishes if wish.command != pending.command or not _points(wish)]


def is_same(wish: Wish, pending: Wish) -> bool:
    """Whether a wish is what waits for a yes already."""
    return (wish.command, wish.arguments) == (pending.command, pending.arguments)


def _points(wish: Wish) -> bool:
    words = re.findall(r"\w+", wish.text.casefold())
    named = set(wish.command.split("_"))
    return len(words) <= _MOST_WORDS and bool((_POINTING | named) & set(words)) and not _counts(words)


def _counts(words: Sequence[str]) -> bool:
    return any(any(letter.isdigit() for letter in word) for word in words)
