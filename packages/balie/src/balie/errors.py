"""Every error that Balie raises on purpose.

::

    BalieError
    ├── ConfigError             a setting is wrong; says where, and what would be right
    ├── CallerError             what was asked can't be done as it was asked
    │   ├── BadRequest              400
    │   ├── Unauthenticated         401
    │   ├── Forbidden               403
    │   ├── NotFound                404
    │   ├── Conflict                409
    │   ├── Expired                 410
    │   └── TooManyRequests         429, ``facts["retry_after"]`` in seconds
    ├── RuleBroken              409, a rule of a vertical's domain; verticals subclass it
    │   └── Incomplete              422, an argument lacks something; it is asked for again
    ├── ModelError
    │   ├── ModelUnavailable        503
    │   ├── ModelsForbidden         503, BALIE_FORBID_MODELS is set
    │   ├── ModelMismatch           500, a head was made for another encoder or other commands
    │   ├── BadGeneration           502, the engine's answer is not what its schema allows
    │   └── Unsupported             501, the engine has no such verb
    └── DataError
        ├── MigrationNeeded         503
        ├── DatabaseBusy            503, another writer holds it for too long
        ├── DatabaseFull            507, its disk
        ├── DatabaseUnavailable     503, it can't be opened or reached
        └── AuditBroken             500

``str(error)`` is for the person who sees it: what is wrong, where, and what would be right.
``slug`` is stable and names the error in logs and in problem details; ``status`` is its HTTP status.
"""

from typing import Any, ClassVar


class BalieError(Exception):
    """The root. ``facts`` are the values that the words speak of."""

    slug: ClassVar[str] = "error"
    status: ClassVar[int] = 500

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.facts = facts


class ConfigError(BalieError):
    """A setting is wrong."""

    slug = "config"


class CallerError(BalieError):
    """What was asked can't be done as it was asked."""

    slug = "caller"
    status = 400


class BadRequest(CallerError):
    """The request is malformed."""

    slug = "bad-request"


class Unauthenticated(CallerError):
    """Nobody knows yet who is asking."""

    slug = "unauthenticated"
    status = 401


class Forbidden(CallerError):
    """The caller's role does not reach this far."""

    slug = "forbidden"
    status = 403


class NotFound(CallerError):
    """There is no such thing, or none that this caller may see."""

    slug = "not-found"
    status = 404


class Conflict(CallerError):
    """Something else came first."""

    slug = "conflict"
    status = 409


class Expired(CallerError):
    """It was there, and its time is over."""

    slug = "expired"
    status = 410


class TooManyRequests(CallerError):
    """Slow down; ``facts["retry_after"]`` says for how many seconds."""

    slug = "too-many-requests"
    status = 429


class RuleBroken(BalieError):
    """A rule of the domain forbids it. The reply template is ``error_`` and the slug in snake case.

    ``argument`` names the argument that another value could mend: the next message may give it.
    """

    slug = "rule-broken"
    status = 409
    argument: ClassVar[str] = ""


class Incomplete(RuleBroken):
    """An argument lacks something that only the person can add."""

    slug = "incomplete"
    status = 422


class ModelError(BalieError):
    """A model or its engine failed."""

    slug = "model"
    status = 503


class ModelUnavailable(ModelError):
    """No model can answer now."""

    slug = "model-unavailable"


class ModelsForbidden(ModelError):
    """``BALIE_FORBID_MODELS`` is set and a real model was asked for."""

    slug = "models-forbidden"


class ModelMismatch(ModelError):
    """A head belongs to another encoder or to another set of commands."""

    slug = "model-mismatch"
    status = 500


class BadGeneration(ModelError):
    """The engine did not keep to the schema, twice."""

    slug = "bad-generation"
    status = 502


class Unsupported(ModelError):
    """This engine has no such verb."""

    slug = "unsupported"
    status = 501


class DataError(BalieError):
    """The database is not as it must be."""

    slug = "data"


class MigrationNeeded(DataError):
    """The database is older or newer than the code."""

    slug = "migration-needed"
    status = 503


class DatabaseBusy(DataError):
    """Another writer holds the database for too long; a repeat may succeed."""

    slug = "database-busy"
    status = 503


class DatabaseFull(DataError):
    """The database's disk is full; nothing was saved."""

    slug = "database-full"
    status = 507


class DatabaseUnavailable(DataError):
    """The database can't be opened, reached or written."""

    slug = "database-unavailable"
    status = 503


class AuditBroken(DataError):
    """The audit log's chain does not hold: a record was changed or removed."""

    slug = "audit-broken"
