"""What a command's exit code says.

====  ============================================================================
code  meaning
====  ============================================================================
0     done
1     it failed, or a check found a problem (``doctor``, ``audit verify``)
2     used wrongly: an unknown command or option, a value that can't be
3     there is no such thing: vertical, conversation, key
4     refused: a role, a rule of the domain, or what came first forbids it
69    a model, or the database, is not available (the system's EX_UNAVAILABLE)
70    a fault in Balie itself (EX_SOFTWARE)
75    busy: the same may succeed later (EX_TEMPFAIL)
78    a setting is wrong (EX_CONFIG)
130   interrupted with ctrl-c
====  ============================================================================
"""

from enum import IntEnum

from balie import errors


class ExitCode(IntEnum):
    """The codes of the table above."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    UNAVAILABLE = 69
    FAULT = 70
    BUSY = 75
    CONFIG = 78
    INTERRUPTED = 130


# The first that fits counts, so the particular comes before the general.
_CODES: tuple[tuple[type[errors.BalieError], ExitCode], ...] = (
    (errors.ConfigError, ExitCode.CONFIG),
    (errors.NotFound, ExitCode.NOT_FOUND),
    (errors.BadRequest, ExitCode.USAGE),
    (errors.TooManyRequests, ExitCode.BUSY),
    (errors.CallerError, ExitCode.REFUSED),
    (errors.RuleBroken, ExitCode.REFUSED),
    (errors.ModelMismatch, ExitCode.FAILED),
    (errors.BadGeneration, ExitCode.FAILED),
    (errors.ModelError, ExitCode.UNAVAILABLE),
    (errors.DatabaseBusy, ExitCode.BUSY),
    (errors.MigrationNeeded, ExitCode.UNAVAILABLE),
    (errors.DatabaseUnavailable, ExitCode.UNAVAILABLE),
)


def code_for(error: errors.BalieError) -> ExitCode:
    """The exit code that an error ends a command with."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.FAILED)
