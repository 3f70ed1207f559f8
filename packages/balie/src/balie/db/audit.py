"""The audit log: append-only, each record holding the hash of the one before.

The chain shows that nothing between two known records was changed, removed or put in another order
(:mod:`balie.monitoring.audit` checks it). The hash has no key: who may write to the database file
past its triggers could forge the whole rest of the chain, so note the last hash elsewhere now and then.
Name the people in it by pseudonyms (``C-1001``): the log outlives what it is about.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from balie.db.tables import AuditRecord

FIRST_HASH = "0" * 64
"""Stands for the record before the first."""


class Link(msgspec.Struct, frozen=True):
    """What a record's hash is made of, beside the hash before it. ``detail`` is the text as stored."""

    sequence: int
    at: str
    actor: str
    role: str
    action: str
    subject: str
    detail: str


def link_hash(previous: str, link: Link) -> str:
    """SHA-256 over the previous hash and the record as JSON with its keys in order."""
    return hashlib.sha256(previous.encode() + b"\n" + msgspec.json.encode(link, order="sorted")).hexdigest()


def instant(at: datetime) -> str:
    """The time as the hash knows it: UTC, microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


async def append(
    session: AsyncSession,
    *,
    actor: str,
    role: str,
    action: str,
    subject: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditRecord:
    """Add a record in the session's transaction.

    It must be one of :meth:`Database.write`: that is alone, so the sequence has neither gaps nor twins.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    at = at or datetime.now(UTC)
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone; an audit record's time needs one.")
    last = select(AuditRecord.sequence, AuditRecord.hash).order_by(AuditRecord.sequence.desc()).limit(1)
    previous = (await session.execute(last)).first()
    sequence, previous_hash = (previous.sequence + 1, previous.hash) if previous else (1, FIRST_HASH)
    detail = msgspec.to_builtins(detail or {}, str_keys=True)
    text = msgspec.json.encode(detail, order="deterministic").decode()
    link = Link(sequence, instant(at), actor, role, action, subject, text)
    record = AuditRecord(
        sequence=sequence,
        at=at,
        actor=actor,
        role=role,
        action=action,
        subject=subject,
        detail=detail,
        previous_hash=previous_hash,
        hash=link_hash(previous_hash, link),
    )
    session.add(record)
    await session.flush()
    return record


stored_detail = type_coerce(AuditRecord.detail, Text).label("detail")
"""The column as its text, for who checks the chain."""
