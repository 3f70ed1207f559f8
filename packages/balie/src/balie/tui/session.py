"""What the screens get once the desk is open: one caller at one desk.

Nothing heavy is imported here, since the first frame is drawn before there is a desk.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from balie.errors import DataError

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from balie.agent import Caller, Tool, Turn
    from balie.agent.desk import Desk
    from balie.agent.turn import Transcript
    from balie.routing import Models
    from balie.tui.screens.base import DeskScreen
    from balie.vertical import Vertical

T = TypeVar("T")


async def _nothing() -> None:
    return


def _noted_nowhere(conversation: UUID) -> None:
    return


@dataclass
class DeskSession:
    """One caller at one desk, and the conversation they have.

    Attributes:
        screens: the vertical's own screens, in the order of their keys; a role sees those that name it.
        suggestions: what the screen offers to say first.
        closing: awaited when the app ends: closes the models and the database.
        vertical: whose desk it is. new_models: makes other models for the desk, not started yet.
        began: is told of a conversation as soon as there is one.
        conversation: begun with the first word; None before.
        database_works: whether the database could be used when it was last needed.
    """

    desk: Desk
    caller: Caller
    screens: Sequence[type[DeskScreen]] = ()
    suggestions: Sequence[str] = ()
    closing: Callable[[], Awaitable[None]] = _nothing
    vertical: Vertical | None = None
    new_models: Callable[[], Models] | None = None
    began: Callable[[UUID], None] = _noted_nowhere
    conversation: UUID | None = None
    database_works: bool = True

    async def say(self, text: str) -> Turn:
        """A message of the person.

        Raises:
            BalieError: in words for the person, as in everything that follows.
        """
        async with self._noticing():
            return await self.desk.say(await self._begun(), text, self.caller)

    async def run(self, tool: str, arguments: Mapping[str, Any]) -> Turn:
        """A form that was filled in."""
        async with self._noticing():
            return await self.desk.run(await self._begun(), tool, arguments, self.caller)

    async def decide(self, action: UUID, *, yes: bool) -> Turn:
        """The answer to a pending action."""
        decide = self.desk.confirm if yes else self.desk.reject
        async with self._noticing():
            return await decide(action, self.caller)

    async def transcript(self) -> Transcript | None:
        """Everything said so far; None before the first word."""
        if self.conversation is None:
            return None
        async with self._noticing():
            return await self.desk.transcript(self.conversation, self.caller)

    async def known_as(self) -> str | None:
        """Who the person is, by signing in or by what the conversation has proven."""
        if self.caller.identity is None and (transcript := await self.transcript()) is not None:
            return transcript.identity
        return self.caller.identity

    def tools(self) -> list[Tool]:
        """What this caller may use as forms."""
        return self.desk.tools(self.caller)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """A database session for looking."""
        async with self._noticing(), self.desk.database.read() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """A database session whose changes are committed when its block ends."""
        async with self._noticing(), self.desk.database.write() as session:
            yield session

    async def act(
        self, action: str, subject: str, work: Callable[[AsyncSession, datetime], Awaitable[T]]
    ) -> T:
        """Do what somebody decided on a screen: in one transaction, with its record in the audit log.

        Args:
            action: its name there (``ticket.close``). subject: what it is done to (``ticket:T-20001``).
            work: gets the session and the time.
        """
        from balie.db import audit

        now = self.desk.clock()
        async with self.write() as session:
            outcome = await work(session, now)
            await audit.append(
                session,
                actor=self.caller.actor,
                role=self.caller.role,
                action=action,
                subject=subject,
                detail={"channel": self.caller.channel},
                at=now,
            )
        return outcome

    async def record(self, actor: str, action: str, subject: str) -> None:
        """Into the audit log, what somebody of the staff did with this desk itself."""
        from balie.db import audit

        at = self.desk.clock()
        async with self.write() as session:
            await audit.append(session, actor=actor, role="staff", action=action, subject=subject, at=at)

    async def lines(self, place: str) -> list[tuple[str, object]]:
        """What the vertical tells at ``operator_at`` or ``visitor_at``; nothing where it has none."""
        if self.vertical is None or not (named := getattr(self.vertical, place)):
            return []
        async with self.read() as session:
            return list(await self.vertical.lines(named, session))

    async def send_out(self) -> Sequence[str]:
        """Send what turns left for this machine's devices, and give what there is to tell of it."""
        if self.vertical is None:
            return ()
        async with self._noticing():
            return await self.vertical.send_out(self.desk, self.caller.language)

    async def restart_models(self) -> None:
        """Other models for the same desk; what is asked meanwhile waits for them."""
        if self.new_models is None:
            return
        old, self.desk.models = self.desk.models, self.new_models()
        self.desk.models.expect(self.desk.team.commands)
        self.desk.models.start()
        await old.close()

    def speak(self, language: str) -> None:
        """Whoever stands here wants another language."""
        import msgspec

        self.caller = msgspec.structs.replace(self.caller, language=language)

    def now(self) -> datetime:
        """By the desk's clock, in the desk's time zone."""
        return self.desk.clock().astimezone(self.desk.timezone)

    def day(self, value: date) -> str:
        """A day, short: Tue 10 Mar. An instant is told in the desk's time zone."""
        return self._written(value, "EEE d MMM")

    def moment(self, value: datetime) -> str:
        """A day and a time, short: Tue 10 Mar 09:00."""
        return self._written(value, "EEE d MMM HH:mm")

    def time(self, value: datetime) -> str:
        """A time: 09:00."""
        return self._written(value, "HH:mm")

    def money(self, amount: Decimal) -> str:
        """An amount, as the language writes it: €89.90."""
        return self.desk.replies(self.caller.language).money(amount)

    def _written(self, value: date, pattern: str) -> str:
        from babel.dates import format_date, format_datetime

        language = self.desk.replies(self.caller.language).language
        if not isinstance(value, datetime):
            return format_date(value, pattern, locale=language)
        return format_datetime(value.astimezone(self.desk.timezone), pattern, locale=language)

    def forget(self) -> None:
        """The next word begins a new conversation."""
        self.conversation = None

    @asynccontextmanager
    async def _noticing(self) -> AsyncGenerator[None]:
        """Note whether the database works."""
        try:
            yield
        except DataError:
            self.database_works = False
            raise
        self.database_works = True

    async def _begun(self) -> UUID:
        if self.conversation is None:
            self.conversation = await self.desk.open(self.caller)
            self.began(self.conversation)
        return self.conversation


Opener = Callable[[], Awaitable[DeskSession]]
"""Opens the desk, on the app's event loop."""

Report = Callable[[str], None]
"""Is told in words what is being done; may be called from any thread."""

Prepare = Callable[[Report], Opener]
"""Does what takes long and blocks (imports, migrations), in a thread, and gives what opens the desk."""
