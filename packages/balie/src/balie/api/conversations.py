"""Conversations: what is said, commands from forms, the yes or no to what is pending."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from balie.agent.policy import Caller
from balie.agent.turn import Transcript, Turn
from balie.api.parameters import VISIBLE, IdempotencyKey, TheCaller, TheDesk
from balie.api.streaming import StreamingOperation, Turns, wants_events


class Opened(msgspec.Struct, frozen=True):
    """A new conversation."""

    conversation: UUID
    vertical: str
    agent: str
    greeting: str


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person says."""

    text: Annotated[str, Meta(min_length=1, pattern=VISIBLE, examples=["Where is my order?"])]


class NewCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool with its arguments, as a form sends them."""

    tool: str
    arguments: dict[str, Any] = {}


class ConversationController(Controller):
    """Talking with the desk."""

    path = "/conversations"
    tags = ("Conversations",)

    @post(
        "/",
        summary="Begin a conversation",
        description="It belongs to this key's identity; without one, its id is all that opens it.",
        response_headers=[
            ResponseHeader(name="Location", description="Where it is", documentation_only=True, value=""),
        ],
    )
    async def open(
        self, request: Request[Caller, Any, Any], desk: TheDesk, caller: TheCaller
    ) -> Response[Opened]:
        """Begin a conversation."""
        conversation = await desk.open(caller)
        opened = Opened(conversation, desk.team.name, desk.team.agents[0].name, desk.greeting(caller))
        return Response(opened, headers={"Location": f"{request.url.path.rstrip('/')}/{conversation}"})

    @get("/{conversation_id:uuid}", summary="Read a conversation back")
    async def transcript(
        self, desk: TheDesk, caller: TheCaller, conversation_id: FromPath[UUID]
    ) -> Transcript:
        """The conversation so far."""
        return await desk.transcript(conversation_id, caller)

    @post(
        "/{conversation_id:uuid}/messages",
        status_code=200,
        summary="Say something",
        description=(
            "The answer is a turn. With `Accept: text/event-stream` it comes as events: `accepted` at once, "
            "`progress` while it takes longer, then `turn`, or `problem` where it failed after the start. "
            "A client that goes away changes nothing: the turn is finished and can be read back."
        ),
        operation_class=StreamingOperation,
    )
    async def say(
        self,
        request: Request[Caller, Any, Any],
        desk: TheDesk,
        caller: TheCaller,
        turns: NamedDependency[Turns],
        conversation_id: FromPath[UUID],
        data: JSONBody[NewMessage],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[Turn]:
        """Say something."""
        turn = desk.say(conversation_id, data.text, caller, idempotency_key=idempotency_key)
        if wants_events(request):
            return await turns.stream(turn, conversation_id, desk, request)
        return Response(await turn)

    @post(
        "/{conversation_id:uuid}/commands",
        status_code=200,
        summary="Use a tool from a form",
        description="No model takes part. What changes something waits for a yes.",
    )
    async def run(
        self,
        desk: TheDesk,
        caller: TheCaller,
        conversation_id: FromPath[UUID],
        data: JSONBody[NewCommand],
        idempotency_key: IdempotencyKey = None,
    ) -> Turn:
        """Use a tool from a form."""
        return await desk.run(
            conversation_id, data.tool, data.arguments, caller, idempotency_key=idempotency_key
        )


class ActionController(Controller):
    """What waits for a yes."""

    path = "/actions"
    tags = ("Conversations",)

    @post(
        "/{action_id:uuid}/confirm",
        status_code=200,
        summary="Say yes to a pending action",
        description=(
            "It runs exactly once. One that was decided before is a conflict; "
            "with the first yes's Idempotency-Key, it is the first one's answer again."
        ),
    )
    async def confirm(
        self,
        desk: TheDesk,
        caller: TheCaller,
        action_id: FromPath[UUID],
        idempotency_key: IdempotencyKey = None,
    ) -> Turn:
        """Say yes."""
        return await desk.confirm(action_id, caller, idempotency_key=idempotency_key)

    @post("/{action_id:uuid}/reject", status_code=200, summary="Say no to a pending action")
    async def reject(
        self,
        desk: TheDesk,
        caller: TheCaller,
        action_id: FromPath[UUID],
        idempotency_key: IdempotencyKey = None,
    ) -> Turn:
        """Say no."""
        return await desk.reject(action_id, caller, idempotency_key=idempotency_key)
