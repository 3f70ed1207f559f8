"""Whatever is said in whatever order: what was written is exactly what somebody said yes to, once."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from balie.agent import Caller, Status, Turn
from balie.agent.desk import Desk
from balie.config import Settings
from balie.db import Database
from balie.db.tables import AuditRecord, PendingAction
from balie.errors import Conflict
from balie.scenarios import make_template
from balie.vertical import open_desk
from balie_testing.clock import FrozenClock
from balie_testing.library.models import Book, Loan
from balie_testing.library.vertical import VERTICAL
from balie_testing.models import FakeModels
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

MEMBER = Caller(identity="M-1")
BOOKS = ("B-101", "B-102", "B-103")
_TEMPLATES = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
COPIES = 3  # on the shelves of the sample data


class TwoPhases(RuleBasedStateMachine):
    """One member at the desk, and a clock that moves."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = FrozenClock()
        self.done = 0
        self.open: Turn | None = None
        self.asked_at = self.clock()

    @initialize()
    def begin(self) -> None:
        self.desk: Desk = self.runner.run(self._open())
        self.conversation = self.runner.run(self.desk.open(MEMBER))

    async def _open(self) -> Desk:
        template = Path(_TEMPLATES.name) / "library.sqlite3"
        if not template.exists():
            await make_template(VERTICAL, template)
        path = Path(self.folder.name) / "library.sqlite3"
        shutil.copyfile(template, path)
        models = FakeModels(VERTICAL.team.commands, {"take another": "correct"})
        return await open_desk(
            VERTICAL, Settings(), database=Database(path=path), models=models, clock=self.clock
        )

    def _after(self, turn: Turn) -> None:
        self.done += turn.status is Status.DONE
        if turn.pending is not None and (self.open is None or turn.pending.id != self.open.pending.id):  # type: ignore[union-attr]
            self.asked_at = self.clock()
            self.open = turn

    def _say(self, message: str) -> Turn:
        turn = self.runner.run(self.desk.say(self.conversation, message, MEMBER))
        self._after(turn)
        return turn

    @rule(book=st.sampled_from(BOOKS))
    def ask_to_borrow(self, book: str) -> None:
        assert self._say(f"/borrow_book {book}").status is not Status.DONE

    @rule(book=st.sampled_from(BOOKS))
    def look(self, book: str) -> None:
        assert self._say(book).status is Status.ANSWERED

    @rule(word=st.sampled_from(["no", "stop", "never mind", "again", "hello", "and now?"]))
    def say_something_else(self, word: str) -> None:
        assert self._say(word).status is not Status.DONE

    @rule()
    def say_yes(self) -> None:
        self._say("yes")

    @rule(yes=st.booleans())
    def press_a_button_of_the_last_question(self, yes: bool) -> None:
        if self.open is None or self.open.pending is None:
            return
        decide = self.desk.confirm if yes else self.desk.reject
        try:
            turn = self.runner.run(decide(self.open.pending.id, MEMBER))
        except Conflict:
            return
        if turn.status is Status.DONE:
            assert yes
            assert self.clock() - self.asked_at < timedelta(minutes=15)
        self._after(turn)

    @rule(minutes=st.sampled_from([1, 14, 15, 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    @invariant()
    def what_is_written_was_confirmed(self) -> None:
        if not hasattr(self, "desk"):
            return
        lent, audits, done, copies, waiting = self.runner.run(self._count())
        assert lent == audits == done == self.done
        assert copies == COPIES - lent
        assert waiting <= 1

    async def _count(self) -> tuple[int, ...]:
        queries = (
            select(func.count()).select_from(Loan).where(Loan.member == "M-1"),
            select(func.count()).select_from(AuditRecord),
            select(func.count()).select_from(PendingAction).where(PendingAction.status == "done"),
            select(func.sum(Book.copies)),
            select(func.count()).select_from(PendingAction).where(PendingAction.status == "pending"),
        )
        async with self.desk.database.read() as session:
            return tuple([await session.scalar(query) or 0 for query in queries])

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.runner.run(self.desk.database.close())
        self.runner.close()
        self.folder.cleanup()


TestTwoPhases = TwoPhases.TestCase
TestTwoPhases.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
