"""For staff: conversations that wait for a person."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from balie.agent.handoffs import Handoffs, HandoffView
from balie.tui import ConfirmScreen, WritingScreen
from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.entry import Entry
from balie.tui.widgets.facts import Facts
from textual.binding import Binding, BindingType
from textual.widget import Widget

from balie_customer_service.screens.common import STAFF

SECONDS = 5.0
"""How often the queue is read again while somebody looks at it."""


class HandoffsScreen(RecordsScreen):
    """Who waits, what they said, and what colleagues answer (CS-8)."""

    TITLE = "Handoffs"
    ROLES = STAFF
    COLUMNS = (Column("Since", 16), Column("Customer", 13), Column("What it is about"), Column("With", 10))
    SEARCH = ""
    EMPTY = "Nobody waits for a person."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "claim", "Take"),
        Binding("r", "reply", "Reply"),
        Binding("c", "close", "Give back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._views: dict[str, HandoffView] = {}

    def on_mount(self) -> None:
        """Somebody may come at any time."""
        self.set_interval(SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self.is_current:
            self.action_reload()

    @property
    def _handoffs(self) -> Handoffs:
        return Handoffs(self.session.desk)

    async def rows(self, search: str) -> Sequence[Row]:
        """The most pressing first."""
        queue = await self._handoffs.queue(self.session.caller)
        self._views = {str(view.id): view for view in queue}
        return [
            Row(
                key,
                (
                    self.cell(
                        self.session.moment(view.created_at), "error" if view.priority == "high" else ""
                    ),
                    self.cell(view.identity or "not known"),
                    self.cell(view.summary),
                    self.cell(view.claimed_by or "nobody", "" if view.claimed_by else "warning"),
                ),
            )
            for key, view in self._views.items()
        ]

    async def detail(self, key: str) -> Sequence[Widget]:
        """The conversation so far."""
        session, view = self.session, self._views[key]
        transcript = await session.desk.transcript(view.conversation, session.caller)
        entries: list[Widget] = []
        for turn in transcript.turns:
            if turn.message:
                entries.append(Entry(session.time(turn.at), view.identity or "Customer", text=turn.message))
            if turn.reply:
                who = "Colleague" if turn.speaker == "staff" else "Desk"
                entries.append(Entry(session.time(turn.at), who, text=turn.reply, tone="staff"))
        return [
            heading(view.identity or "Somebody who is not signed in"),
            Facts(
                [
                    ("Reason", view.reason),
                    ("Priority", view.priority),
                    ("With", view.claimed_by or "nobody yet"),
                    ("Waits since", session.moment(view.created_at)),
                ]
            ),
            paragraph(view.summary),
            *entries,
        ]

    def action_claim(self) -> None:
        """I take it."""
        self._do(lambda handoff: self._handoffs.claim(handoff, self.session.caller))

    def action_reply(self) -> None:
        """Write to the person."""
        if self.current is None:
            return
        view = self._views[self.current]

        def written(text: str | None) -> None:
            if text:
                self._do(lambda handoff: self._handoffs.reply(handoff, text, self.session.caller))

        who = view.identity or "the customer"
        self.app.push_screen(WritingScreen(f"Reply to {who}", context=view.summary), written)

    def action_close(self) -> None:
        """The agents answer again."""
        if self.current is None:
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self._do(lambda handoff: self._handoffs.close(handoff, self.session.caller))

        self.app.push_screen(ConfirmScreen("Give this conversation back to the desk?"), decided)

    def _do(self, what: Callable[[UUID], Awaitable[Any]]) -> None:
        if self.current is not None:
            self.attempt(partial(self._done, what, UUID(self.current)))

    async def _done(self, what: Callable[[UUID], Awaitable[Any]], handoff: UUID) -> None:
        await what(handoff)
        await self.load()
