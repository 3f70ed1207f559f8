"""What one turn comes to: the same struct on the command line, in REST, on screens and in MCP."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from balie.agent.resolution import Evidence


class Status(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    NEEDS_INPUT = "needs_input"
    NEEDS_CONFIRMATION = "needs_confirmation"
    DONE = "done"
    HANDED_OFF = "handed_off"
    REFUSED = "refused"
    DEGRADED = "degraded"
    FAILED = "failed"


class Command(msgspec.Struct, frozen=True):
    """A tool call with its grounded arguments (JSON values)."""

    tool: str
    arguments: dict[str, Any]
    evidence: dict[str, Evidence] = {}


class Pending(msgspec.Struct, frozen=True):
    """What waits for a person's yes."""

    id: UUID
    tool: str
    summary: str
    expires_at: datetime


class Option(msgspec.Struct, frozen=True):
    """One way to answer a question: what a person reads, and what it stands for."""

    label: str
    value: Any


class Question(msgspec.Struct, frozen=True):
    """What is asked: a parameter, a choice of commands (``command``) or who is asking (``identity``)."""

    about: str
    options: list[Option] = []


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds, by step."""

    understand: float
    resolve: float
    act: float
    reply: float
    total: float


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One message and what came of it. ``confidence`` is in [0, 1]; ``model`` names what decided."""

    conversation: UUID
    turn: int
    status: Status
    reply: str
    agent: str
    commands: list[Command] = []
    results: list[dict[str, Any]] = []
    pending: Pending | None = None
    question: Question | None = None
    confidence: float = 1.0
    model: str = ""
    latency_ms: Latency


class TranscriptEntry(msgspec.Struct, frozen=True):
    """One turn as people read it back. ``speaker`` is ``agent``, or ``staff`` where a colleague wrote."""

    number: int
    speaker: str
    message: str
    reply: str
    status: str
    at: datetime


class Transcript(msgspec.Struct, frozen=True):
    """A conversation as its owner, or staff, may read it."""

    conversation: UUID
    vertical: str
    agent: str
    identity: str | None
    handed_off: bool
    created_at: datetime
    turns: list[TranscriptEntry]
    pending: Pending | None = None
