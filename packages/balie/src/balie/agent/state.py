"""What a conversation remembers between two messages."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from balie.agent.resolution import Evidence
from balie.agent.turn import Option


class Wish(msgspec.Struct, frozen=True):
    """One thing a person wants: a command's name and the part of the message that speaks of it.

    ``arguments`` and ``evidence`` are what is already resolved; ``excluded`` are values just refused
    ("not that one"). ``earlier`` is what was said of it before the message at hand.
    """

    command: str
    text: str = ""
    offset: int = 0
    earlier: str = ""
    arguments: dict[str, Any] = {}
    evidence: dict[str, Evidence] = {}
    excluded: tuple[str, ...] = ()


class Waiting(msgspec.Struct, frozen=True):
    """A question that is open: the answer goes on with ``wish``.

    ``kind`` says what is missing: one parameter of the command, which command was meant, or who is
    asking. ``attempts`` counts the answers that did not help.
    """

    kind: Literal["parameter", "command", "identity"]
    wish: Wish
    parameter: str = ""
    options: list[Option] = []
    attempts: int = 0


class State(msgspec.Struct, kw_only=True):
    """The working memory of one conversation, stored with it as JSON."""

    agent: str
    turns: int = 0
    identity: str | None = None
    focus: dict[str, Any] = {}
    waiting: Waiting | None = None
    queue: list[Wish] = []
    last: Wish | None = None
    last_reply: str = ""
    unclear: int = 0
    upset: int = 0
    handed_off: bool = False
    failed_identifications: int = 0
    locked_until: datetime | None = None

    def encode(self) -> str:
        """As stored."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, stored: str) -> "State":
        """From what :meth:`encode` made."""
        return msgspec.json.decode(stored, type=cls)
