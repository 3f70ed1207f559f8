"""Processes for the tests: ``children.py TASK COUNT ARGUMENT...`` forks COUNT of them, each doing TASK.

Imports happen once, before the forks, so that the children do their work at the same moment.
What the children print is one line each; the exit status is the number of those that failed otherwise than by
killing themselves.
"""

import asyncio
import os
import signal
import sys
import traceback

from balie.db import Conversation, Database, audit, migrate, outbox, secrets
from sqlalchemy import select


def say(line):
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # in one piece, whatever the others write


def derive(_number):
    say(secrets.derived("test").hex())


def upgrade(_number, url):
    asyncio.run(migrate.upgrade(url))


def append(number, url, times):
    async def run():
        db = Database(url)
        for _ in range(int(times)):
            async with db.write() as session:
                await audit.append(session, actor=f"child {number}", role="staff", action="test", subject="-")
        await db.close()

    asyncio.run(run())


def take_last_unit(number, url):
    """Sell what there is one of, if it is still there: read, decide, write."""

    async def run():
        db = Database(url)
        async with db.write() as session:
            unit = (await session.scalars(select(Conversation))).one()
            if unit.identity is None:
                unit.identity = f"child {number}"
                say("sold")
        await db.close()

    asyncio.run(run())


def die(number, url):
    """Write four things, and be killed before the one of this child's number."""

    async def run():
        steps = iter(range(10))

        def step():
            if next(steps) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        db = Database(url)
        async with db.write() as session:
            step()
            conversation = Conversation(
                vertical="test", agent="test", role="staff", identity=f"child {number}"
            )
            session.add(conversation)
            await session.flush()
            step()
            await outbox.enqueue(session, topic="test", recipient=f"child {number}", payload={})
            step()
            await audit.append(session, actor=f"child {number}", role="staff", action="test", subject="-")
            step()
        step()
        await db.close()

    asyncio.run(run())


def main():
    task, count, *arguments = sys.argv[1:]
    if task == "upgrade":
        import alembic.command  # noqa: F401
    children = []
    for number in range(int(count)):
        if pid := os.fork():
            children.append(pid)
            continue
        status = 0
        try:
            globals()[task](number, *arguments)
        except BaseException:
            traceback.print_exc()
            status = 1
        os._exit(status)
    ends = [os.waitpid(pid, 0)[1] for pid in children]
    sys.exit(sum(not os.WIFSIGNALED(end) and end != 0 for end in ends))


if __name__ == "__main__":
    main()
