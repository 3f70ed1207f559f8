"""Makes a new database with its sample data, and is killed on the way: ``killed_start.py DATABASE WORDS``.

It is killed before the first statement that has the words in it, or before the commit where they are "commit".
"""

import asyncio
import os
import signal
import sys
from datetime import date
from pathlib import Path

from balie.db import Database
from balie.vertical import load, prepare
from sqlalchemy import Engine, event


def arm(words: str) -> None:
    """Kill this process when the database is asked for that."""

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if words in statement:
            die()

    event.listen(Engine, "before_cursor_execute", before_statement)
    if words == "commit":
        event.listen(Engine, "commit", lambda _connection: die())


async def main(path: Path) -> None:
    """As the first command does."""
    database = Database(path=path)
    await prepare(load("customer-service"), database, today=date(2026, 3, 10))
    await database.close()


if __name__ == "__main__":
    arm(sys.argv[2])
    asyncio.run(main(Path(sys.argv[1])))
