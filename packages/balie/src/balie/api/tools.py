"""What a caller may use, for who makes forms or gives the tools to a model."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get
from litestar.pagination import OffsetPagination
from msgspec import Meta

from balie.agent.tools import Effect
from balie.api.parameters import Limit, Offset, TheCaller, TheDesk, page


class ToolView(msgspec.Struct, frozen=True):
    """A tool."""

    name: str
    description: str
    agent: str
    effect: Annotated[Effect, Meta(description="`read` runs at once; the others wait for a yes")]
    personal: Annotated[bool, Meta(description="A customer must be identified first")]
    arguments: Annotated[dict[str, Any], Meta(description="JSON schema of its arguments")]


class ToolController(Controller):
    """The tools."""

    path = "/tools"
    tags = ("Conversations",)

    @get("/", summary="The tools that this caller may use")
    async def tools(
        self,
        desk: TheDesk,
        caller: TheCaller,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[ToolView]:
        """The tools."""
        views = [
            ToolView(
                name=tool.name,
                description=tool.description,
                agent=desk.team.agent_for(tool.name, desk.team.agents[0].name).name,
                effect=tool.effect,
                personal=tool.personal,
                arguments=tool.schema,
            )
            for tool in desk.tools(caller)
        ]
        return page(views, limit, offset)
