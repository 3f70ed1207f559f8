"""Plays one cancellation again and again, each time killed at the next step; prints what was left as JSON lines.

Run as a program: ``python killed_turns.py SEEDED_DATABASE FOLDER``. Every round is a child of its own that is
killed with SIGKILL before its n-th statement or commit, or right after a commit; the last round is not killed.
"""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from pathlib import Path

from balie.agent import Caller
from balie.agent.desk import Desk
from balie.config import Settings
from balie.db import Database
from balie.routing import Models
from balie.vertical import load, models_for
from sqlalchemy import event

VERTICAL = load("customer-service")
MARIT = Caller(identity="C-1001")
NOW = datetime.fromisoformat("2026-03-10T09:00:00+01:00")


def arm(database: Database, steps: int) -> None:
    """Kill this process at the n-th thing that the database is asked for."""
    left = steps

    def step(*_: object, **__: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "commit"):
        event.listen(database.engine.sync_engine, name, step)
    # After a commit the connection goes back: that is the last moment before the person is told.
    event.listen(database.engine.sync_engine, "checkin", step)


def make_desk(path: Path) -> Desk:
    models: Models = models_for(VERTICAL, Settings())
    return Desk(VERTICAL.title, VERTICAL.team, Database(path=path), models, Settings(), clock=lambda: NOW)


async def play(path: Path, steps: int, told: Path) -> None:
    """Propose, confirm; ``told`` holds what the person was told, as far as it got."""
    desk = make_desk(path)
    arm(desk.database, steps)
    conversation = await desk.open(MARIT)
    turn = await desk.run(conversation, "cancel_order", {"order": "10240"}, MARIT)
    assert turn.pending is not None
    told.write_text("asked")
    done = await desk.confirm(turn.pending.id, MARIT)
    told.write_text(done.status)
    await desk.database.close()


async def go_on(path: Path) -> None:
    """What the person does after the crash: ask again if nothing is pending, and say yes."""
    desk = make_desk(path)
    conversation = await desk.latest(MARIT) or await desk.open(MARIT)
    transcript = await desk.transcript(conversation, MARIT)
    pending = transcript.pending
    if pending is None:
        turn = await desk.run(conversation, "cancel_order", {"order": "10240"}, MARIT)
        pending = turn.pending
    if pending is not None:
        await desk.confirm(pending.id, MARIT)
    await desk.database.close()


def in_child(work: Callable[[], Coroutine[object, object, None]]) -> int:
    """Run a coroutine in a process of its own; its exit status, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(work())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def state(path: Path) -> dict[str, object]:
    """What is in the database now."""
    with sqlite3.connect(path) as database:
        one = lambda query: database.execute(query).fetchone()[0]  # noqa: E731
        outcome = {
            "order": one("SELECT status FROM orders WHERE number = '10240'"),
            "refunds": one(
                "SELECT count(*) FROM refunds JOIN orders o ON o.id = order_id WHERE o.number = '10240'"
            ),
            "audit": one("SELECT count(*) FROM audit WHERE action = 'cancel_order'"),
            "done": one("SELECT count(*) FROM pending_actions WHERE status = 'done'"),
            "turns": one("SELECT count(*) FROM turns WHERE status = 'done'"),
            "whole": one("PRAGMA integrity_check"),
        }
    database.close()
    return outcome


def main() -> None:
    seeded, folder = Path(sys.argv[1]), Path(sys.argv[2])
    path, told = folder / "desk.sqlite3", folder / "told"
    # Once here, so that no child has to import anything.
    shutil.copyfile(seeded, path)
    asyncio.run(play(path, 0, told))
    for steps in range(1, 300):
        for old in folder.glob("desk.sqlite3*"):
            old.unlink()
        told.unlink(missing_ok=True)
        shutil.copyfile(seeded, path)
        status = in_child(partial(play, path, steps, told))
        left = state(path)
        told_before = told.read_text() if told.exists() else ""
        finished = in_child(partial(go_on, path))
        print(
            json.dumps(
                {
                    "step": steps,
                    "exit": status,
                    "told": told_before,
                    "left": left,
                    "went_on": finished,
                    "end": state(path),
                }
            ),
            flush=True,
        )
        if status >= 0:
            return


if __name__ == "__main__":
    main()
