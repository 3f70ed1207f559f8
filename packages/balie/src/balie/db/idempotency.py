"""A request with the same key is answered again, not done again."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import IdempotencyKey
from balie.errors import Conflict


def request_hash(request: Any) -> str:
    """SHA-256 of the request as JSON, its keys in order."""
    return hashlib.sha256(msgspec.json.encode(request, order="sorted")).hexdigest()


async def find(session: AsyncSession, *, caller: str, key: str, request: Any) -> IdempotencyKey | None:
    """What was stored for this caller and key, or None.

    Look and :func:`store` in one :meth:`Database.write`: then no twin can come in between.

    Raises:
        Conflict: the key was used for another request.
    """
    stored = await session.get(IdempotencyKey, (caller, key))
    if stored is not None and stored.request_hash != request_hash(request):
        raise Conflict("This idempotency key was used for another request; take a new one.", key=key)
    return stored


async def store(
    session: AsyncSession, *, caller: str, key: str, request: Any, response: Any, at: datetime | None = None
) -> IdempotencyKey:
    """Keep the response; it is there only if the session's transaction commits."""
    kept = IdempotencyKey(
        caller=caller,
        key=key,
        request_hash=request_hash(request),
        response=msgspec.to_builtins(response, str_keys=True),
        created_at=at or datetime.now(UTC),
    )
    session.add(kept)
    await session.flush()
    return kept
