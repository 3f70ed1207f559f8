"""The data: engine, base tables, column types, audit log, outbox, idempotency keys, API keys."""

from balie.db import api_keys, audit, idempotency, outbox, retention
from balie.db.base import Base, Timestamps, UuidKey, VerticalBase, new_id
from balie.db.counters import CounterColumns, next_value
from balie.db.engine import Database, database_url
from balie.db.tables import (
    ApiKey,
    AuditRecord,
    Conversation,
    Handoff,
    IdempotencyKey,
    OutboxMessage,
    PendingAction,
    TurnRecord,
)
from balie.db.types import EncryptedText, Json, Money, UtcDateTime, blind_index, one_of

__all__ = [
    "ApiKey",
    "AuditRecord",
    "Base",
    "Conversation",
    "CounterColumns",
    "Database",
    "EncryptedText",
    "Handoff",
    "IdempotencyKey",
    "Json",
    "Money",
    "OutboxMessage",
    "PendingAction",
    "Timestamps",
    "TurnRecord",
    "UtcDateTime",
    "UuidKey",
    "VerticalBase",
    "api_keys",
    "audit",
    "blind_index",
    "database_url",
    "idempotency",
    "new_id",
    "next_value",
    "one_of",
    "outbox",
    "retention",
]
