"""Writes by a system, without a conversation: once, in one transaction, with a record in the audit log."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from balie.agent.desk import Desk
from balie.agent.policy import Caller
from balie.api.parameters import IdempotencyKey, TheCaller, TheDesk
from balie.db import audit, idempotency

T = TypeVar("T")


class Writer:
    """Carries out one write of a request.

    A system's request is its own confirmation: who sends it has decided. With an idempotency key, a repeat
    of the same request gets the first one's answer.
    """

    def __init__(self, desk: Desk, caller: Caller, key: str | None) -> None:
        self.desk = desk
        self.caller = caller
        self.key = key

    async def run(
        self,
        action: str,
        request: Any,
        work: Callable[[AsyncSession, datetime], Awaitable[T]],
        *,
        result: type[T],
        subject: Callable[[T], str],
    ) -> T:
        """Do ``work`` in a transaction of its own.

        Args:
            action: for the audit log (``create_ticket``).
            request: what was asked, including what stands in the address; a key belongs to one of them.
            work: gets the session and the time.
            result: what it yields; an answer that was given before is read back as this.
            subject: for the audit log, what it was done to (``ticket:T-20001``).

        Raises:
            Conflict: the key was used for another request.
            BalieError: what ``work`` raises; nothing is changed then.
        """
        now = self.desk.clock()
        asked = {"action": action, "request": request}
        async with self.desk.database.write() as session:
            if self.key is not None:
                stored = await idempotency.find(
                    session, caller=self.caller.actor, key=self.key, request=asked
                )
                if stored is not None:
                    return msgspec.convert(stored.response, result)
            outcome = await work(session, now)
            await audit.append(
                session,
                actor=self.caller.actor,
                role=self.caller.role,
                action=action,
                subject=subject(outcome),
                detail={"channel": self.caller.channel},
                at=now,
            )
            if self.key is not None:
                await idempotency.store(
                    session, caller=self.caller.actor, key=self.key, request=asked, response=outcome, at=now
                )
        return outcome


def provide_writer(desk: TheDesk, caller: TheCaller, idempotency_key: IdempotencyKey = None) -> Writer:
    """The dependency ``writer``."""
    return Writer(desk, caller, idempotency_key)


TheWriter = NamedDependency[Writer]
"""Does a write of this request, once."""
