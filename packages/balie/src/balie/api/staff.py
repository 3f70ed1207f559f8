"""The staff's side: conversations that wait for a person."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.pagination import OffsetPagination
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta

from balie.agent.handoffs import Handoffs, HandoffView
from balie.api.parameters import VISIBLE, Limit, Offset, TheCaller, TheDesk


class StaffReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a colleague writes to the person."""

    text: Annotated[str, Meta(min_length=1, max_length=4000, pattern=VISIBLE)]


class HandoffController(Controller):
    """Conversations that wait for a person; for staff only."""

    path = "/handoffs"
    tags = ("Staff",)

    @get(
        "/",
        summary="What waits for a person, most pressing first",
        description="`closed` lists what is done instead, latest first.",
    )
    async def queue(
        self,
        desk: TheDesk,
        caller: TheCaller,
        limit: Limit = 50,
        offset: Offset = 0,
        closed: FromQuery[bool] = False,
    ) -> OffsetPagination[HandoffView]:
        """What waits."""
        handoffs = Handoffs(desk)
        items = await handoffs.queue(caller, closed=closed, limit=limit, offset=offset)
        total = await handoffs.count(caller, closed=closed)
        return OffsetPagination(items=list(items), limit=limit, offset=offset, total=total)

    @post("/{handoff_id:uuid}/claim", status_code=200, summary="Take a conversation")
    async def claim(self, desk: TheDesk, caller: TheCaller, handoff_id: FromPath[UUID]) -> HandoffView:
        """Take it."""
        return await Handoffs(desk).claim(handoff_id, caller)

    @post("/{handoff_id:uuid}/reply", status_code=204, summary="Write to the person")
    async def reply(
        self,
        desk: TheDesk,
        caller: TheCaller,
        handoff_id: FromPath[UUID],
        data: JSONBody[StaffReply],
    ) -> None:
        """Write."""
        await Handoffs(desk).reply(handoff_id, data.text, caller)

    @post("/{handoff_id:uuid}/close", status_code=204, summary="Give the conversation back to the agents")
    async def close(self, desk: TheDesk, caller: TheCaller, handoff_id: FromPath[UUID]) -> None:
        """Close it."""
        await Handoffs(desk).close(handoff_id, caller)
