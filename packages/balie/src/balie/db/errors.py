"""What a database's errors mean, in Balie's words."""

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from balie.errors import DatabaseBusy, DatabaseFull, DatabaseUnavailable

# SQLite's names of result codes and PostgreSQL's SQLSTATE classes and codes, by how they begin.
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40001", "40P01")
_FULL = ("SQLITE_FULL", "53100")
_UNAVAILABLE = (
    *("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_AUTH"),
    *("SQLITE_CORRUPT", "SQLITE_NOTADB"),
    *("08", "28", "3D", "53300", "57P"),
)


def translated(error: Exception, url: URL) -> Exception:
    """The :class:`balie.errors.DataError` for it, or the error itself where the fault is the code's."""
    place = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = _code(cause)
    if code.startswith(_BUSY):
        return DatabaseBusy(f"The database {place} has been busy for too long; try again.")
    if code.startswith(_FULL):
        return DatabaseFull(f"The disk of the database {place} is full; nothing was saved.")
    if code.startswith(_UNAVAILABLE) or isinstance(cause, OSError):
        return DatabaseUnavailable(f"The database {place} can't be used: {cause}.")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseUnavailable(f"The connection to the database {place} was lost; try again.")
    return error


def _code(cause: BaseException | None) -> str:
    for name in ("sqlite_errorname", "sqlstate"):
        if code := getattr(cause, name, None):
            return str(code)
    # SQLAlchemy wraps asyncpg's errors; the code is on what it wraps.
    return _code(cause.__cause__) if cause is not None and cause.__cause__ is not None else ""
