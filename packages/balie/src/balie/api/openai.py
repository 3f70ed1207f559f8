"""The desk as a chat model, for clients that speak OpenAI's Chat Completions API.

The model's name is the vertical's. Such a client sends the whole history each time and keeps no
conversation, so a history that ends as this API last answered it goes on in that conversation: a "yes"
confirms what was asked. That is remembered in this process only; ``metadata.conversation`` names the
conversation for sure. Any other history opens a new one, in which only the last message of the user is
said: what was said before is not said again, since saying it may do something.
"""

import hashlib
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import ServerSentEvent, ServerSentEventMessage
from msgspec import Meta

from balie.agent.desk import Desk
from balie.agent.policy import Caller
from balie.agent.turn import Status
from balie.api import problems
from balie.api.parameters import IdempotencyKey, TheCaller, TheDesk
from balie.api.streaming import StreamingOperation
from balie.errors import NotFound

TAG = "OpenAI-compatible"
_REMEMBERED = 10_000


class Part(msgspec.Struct, frozen=True):
    """A part of a message; what is no text is not read."""

    type: str = "text"
    text: str = ""


class ChatMessage(msgspec.Struct, frozen=True):
    """A message of the history."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part.text for part in self.content if part.text)


class ChatRequest(msgspec.Struct, frozen=True):
    """A chat so far. Settings of a model (temperature and the like) mean nothing to a desk and are left aside."""

    model: str
    messages: list[ChatMessage]
    stream: bool | None = False
    metadata: Annotated[
        dict[str, str] | None, Meta(description="`conversation`: the one in which this is said")
    ] = None


class ChatAnswer(msgspec.Struct, frozen=True):
    """What the desk says."""

    content: str
    role: Literal["assistant"] = "assistant"


class ChatChoice(msgspec.Struct, frozen=True):
    """The one answer."""

    message: ChatAnswer
    index: int = 0
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. ``metadata`` names the conversation and how the turn ended."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoice]
    metadata: dict[str, str]


class Model(msgspec.Struct, frozen=True):
    """A vertical, as a model."""

    id: str
    created: int = 0
    object: Literal["model"] = "model"
    owned_by: str = "balie"


class ModelList(msgspec.Struct, frozen=True):
    """The one model."""

    data: list[Model]
    object: Literal["list"] = "list"


class ErrorDetail(msgspec.Struct, frozen=True):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str


class OpenAIError(msgspec.Struct, frozen=True):
    """An error as those clients expect it."""

    error: ErrorDetail


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[OpenAIError]:
    """The same problem, in their shape."""
    answer = problems.respond(request, error)
    told = answer.content
    kind = "server_error" if told.status >= 500 else "invalid_request_error"
    fault = told.errors[0] if told.errors else None
    where = (fault.parameter or fault.pointer.removeprefix("#/")) if fault else None
    message = f"{told.detail} {fault.detail}" if fault else told.detail
    code = told.type.removeprefix(problems.TYPE_PREFIX)
    body = OpenAIError(ErrorDetail(message, kind, where or None, code))
    return Response(body, status_code=told.status, headers=answer.headers)


class Histories:
    """Which conversation a history belongs to, for those that this process answered lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, UUID] = OrderedDict()

    def find(self, caller: Caller, history: Sequence[ChatMessage]) -> UUID | None:
        """The conversation that ended with this history, if it is remembered."""
        return self._known.get(_digest(caller, history)) if history else None

    def remember(self, caller: Caller, history: Sequence[ChatMessage], conversation: UUID) -> None:
        """It ends with this history now."""
        self._known[_digest(caller, history)] = conversation
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _digest(caller: Caller, history: Sequence[ChatMessage]) -> bytes:
    said = [(message.role, message.text) for message in history if message.role in {"user", "assistant"}]
    return hashlib.sha256(msgspec.json.encode((caller.channel, caller.actor, said))).digest()


class ChatController(Controller):
    """The desk as a chat model."""

    tags = (TAG,)
    exception_handlers = {Exception: respond}  # noqa: RUF012  as Litestar has it

    @get("/models", summary="The vertical, as a model")
    async def models(self, desk: TheDesk) -> ModelList:
        """The one model."""
        return ModelList([Model(desk.team.name)])

    @get("/models/{model:str}", summary="The vertical, as a model")
    async def model(self, desk: TheDesk, model: FromPath[str]) -> Model:
        """The one model."""
        return Model(known_model(desk, model))

    @post(
        "/chat/completions",
        status_code=200,
        summary="Say something, as to a chat model",
        description=__doc__.partition("\n\n")[2],
        operation_class=StreamingOperation,
    )
    async def chat(
        self,
        desk: TheDesk,
        caller: TheCaller,
        histories: NamedDependency[Histories],
        data: JSONBody[ChatRequest],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ChatCompletion]:
        """Say something."""
        name = known_model(desk, data.model)
        last = next((n for n, said in reversed([*enumerate(data.messages)]) if said.role == "user"), None)
        text = "" if last is None else data.messages[last].text.strip()
        conversation = _named(data) or histories.find(caller, data.messages[:last] if last else ())
        conversation = conversation or await desk.open(caller)
        if text:
            turn = await desk.say(conversation, text, caller, idempotency_key=idempotency_key)
            reply, status = turn.reply, turn.status
        else:
            reply, status = desk.greeting(caller), Status.ANSWERED
        answer = ChatMessage("assistant", reply)
        histories.remember(caller, [*data.messages, answer], conversation)
        completion = ChatCompletion(
            id=f"chatcmpl-{conversation}",
            created=int(desk.clock().timestamp()),
            model=name,
            choices=[ChatChoice(ChatAnswer(reply))],
            metadata={"conversation": str(conversation), "status": status},
        )
        if data.stream:
            return ServerSentEvent(_chunks(completion))  # type: ignore[return-value]  # documented as well
        return Response(completion)


async def _chunks(completion: ChatCompletion) -> AsyncGenerator[ServerSentEventMessage]:
    content = completion.choices[0].message.content
    deltas: tuple[tuple[dict[str, str], str | None], ...] = (
        ({"role": "assistant", "content": content}, None),
        ({}, "stop"),
    )
    for delta, reason in deltas:
        chunk = {
            **msgspec.to_builtins(completion),
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }
        yield ServerSentEventMessage(data=msgspec.json.encode(chunk).decode())
    yield ServerSentEventMessage(data="[DONE]")


def known_model(desk: Desk, name: str) -> str:
    """The vertical's name, which is that of its one model.

    Raises:
        NotFound: another name.
    """
    if name != desk.team.name:
        raise NotFound(f"There is no model {name!r}; this is {desk.team.name}.")
    return name


def _named(data: ChatRequest) -> UUID | None:
    name = (data.metadata or {}).get("conversation")
    try:
        return UUID(name) if name else None
    except ValueError as error:
        raise NotFound("There is no such conversation.") from error
