"""The proof that the audit log is whole."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Select, String, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from balie.db.audit import FIRST_HASH, Link, instant, link_hash, stored_detail
from balie.db.tables import AuditRecord
from balie.errors import AuditBroken

_AT_A_TIME = 1000


class AuditReport(msgspec.Struct, frozen=True):
    """What was checked.

    Removing the *last* records leaves a chain that holds. Note ``records`` and ``last_hash`` outside of
    the database and give them to the next :func:`verify` as its ``anchor``; then that shows too.
    """

    records: int
    last_hash: str
    last_at: datetime | None = None


async def verify(session: AsyncSession, *, anchor: AuditReport | None = None) -> AuditReport:
    """Follow the chain from its first record to its last.

    Raises:
        AuditBroken: a record was changed, removed, put in or moved; ``facts["sequence"]`` is the first
            one that does not fit. With an ``anchor``, also: the log does not reach or differs there.
    """
    count, previous, last_at = 0, FIRST_HASH, None
    while True:
        records = (await session.execute(_page(count or None))).all()
        for record in records:
            if record.sequence != count + 1:
                raise _broken(count + 1, "is missing")
            if record.previous_hash != previous:
                raise _broken(record.sequence, "does not follow the one before it")
            at = _instant(record.sequence, record.at)
            link = Link(
                *(record.sequence, instant(at), record.actor, record.role),
                *(record.action, record.subject, record.detail),
            )
            if record.hash != link_hash(previous, link):
                raise _broken(record.sequence, "was changed")
            count, previous, last_at = record.sequence, record.hash, at
            if anchor and count == anchor.records and previous != anchor.last_hash:
                raise _broken(count, "is not the one that was noted")
        if len(records) < _AT_A_TIME:
            break
    if anchor and count < anchor.records:
        raise _broken(count + 1, f"is missing: {anchor.records} were noted")
    return AuditReport(records=count, last_hash=previous, last_at=last_at)


def _page(after: int | None) -> Select[Any]:
    columns = AuditRecord.__table__.c
    wanted = [
        columns[name] for name in ("sequence", "actor", "role", "action", "subject", "previous_hash", "hash")
    ]
    page = select(*wanted, stored_detail, type_coerce(columns.at, String).label("at"))
    if after is not None:
        page = page.where(columns.sequence > after)
    return page.order_by(columns.sequence).limit(_AT_A_TIME)


def _instant(sequence: int, stored: str | datetime) -> datetime:
    # Read here and not by the column's type, to know which record it is that can't be read.
    if isinstance(stored, datetime):
        return stored
    try:
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    except ValueError as error:
        raise _broken(sequence, "has a time that is none") from error


def _broken(sequence: int, what: str) -> AuditBroken:
    return AuditBroken(f"The audit log is broken: record {sequence} {what}.", sequence=sequence)
