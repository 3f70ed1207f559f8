"""Keys to the REST API: ``balie_<prefix>_<secret>``, shown once and stored as a hash.

The secret has 256 random bits, so nobody guesses it from its SHA-256, and a slow password hash (argon2)
would only make every request slow.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.tables import ApiKey
from balie.errors import NotFound

_NO_HASH = "0" * 64


async def create(
    session: AsyncSession,
    *,
    role: str,
    identity: str | None = None,
    label: str = "",
    at: datetime | None = None,
) -> str:
    """Make a key that speaks with this role, as this identity; what is returned is kept nowhere."""
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            prefix=prefix,
            hash=_hash(secret),
            role=role,
            identity=identity,
            label=label,
            created_at=at or datetime.now(UTC),
        )
    )
    await session.flush()
    return f"balie_{prefix}_{secret}"


async def verify(session: AsyncSession, key: str) -> ApiKey | None:
    """The key's record, or None if there is none or it was revoked."""
    name, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    found = await session.scalar(select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None)))
    # Compared in any case, so that the time taken does not tell which prefixes there are.
    right = secrets.compare_digest(found.hash if found else _NO_HASH, _hash(secret))
    return found if right and name == "balie" else None


async def touch(session: AsyncSession, key: ApiKey, at: datetime | None = None) -> None:
    """Note that it was used; once an hour is enough, since each note is a write."""
    await session.execute(
        update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=at or datetime.now(UTC))
    )


async def revoke(session: AsyncSession, prefix: str, at: datetime | None = None) -> ApiKey:
    """End a key; ending it again changes nothing.

    Raises:
        NotFound: there is none with this prefix.
    """
    found = await session.scalar(select(ApiKey).where(ApiKey.prefix == prefix))
    if found is None:
        raise NotFound(f"There is no API key {prefix}.")
    found.revoked_at = found.revoked_at or at or datetime.now(UTC)
    return found


async def all_keys(session: AsyncSession) -> Sequence[ApiKey]:
    """Every key, the revoked ones too, oldest first."""
    return (await session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.id))).all()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
