"""What every engine can be asked, and in which words it answers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from balie.decisions import DecideRequest, DecideResponse, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


class Message(msgspec.Struct, frozen=True):
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


class Generation(msgspec.Struct, frozen=True):
    """What an engine wrote; ``data`` is the decoded JSON where a schema was given."""

    text: str
    data: Any = None
    stopped: Literal["end", "length"] = "end"
    usage: Usage = Usage()


class Health(msgspec.Struct, frozen=True):
    """Whether an engine would answer now, and if not, why."""

    ok: bool
    detail: str = ""


class ModelInfo(msgspec.Struct, frozen=True, omit_defaults=True):
    """A model that an engine has loaded. ``context`` in tokens, ``dimensions`` the length of its vectors."""

    name: str
    role: Literal["encoder", "generator"]
    engine: str
    checksum: str
    context: int
    dimensions: int = 0
    quantization: str | None = None
    questions: tuple[str, ...] = ()
    """The questions that it has tuned heads for."""


class Backend(Protocol):
    """An engine with a model in it.

    Every verb may raise ModelUnavailable (closed, or the engine broke) and Unsupported (not this
    engine's). Calls may come together; each waits its turn. A cancelled call ends soon after.
    """

    name: str
    engine: str

    async def decide(self, request: DecideRequest) -> DecideResponse:
        """Answer typed questions about a state with probabilities."""
        ...

    async def generate(
        self,
        messages: Sequence[Message],
        *,
        schema: "Mapping[str, Any] | None" = None,
        max_tokens: int = 256,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Write text, or JSON that ``schema`` (JSON Schema) allows; ``on_text`` gets the pieces as they come.

        Raises:
            BadGeneration: the engine did not keep to the schema, twice.
        """
        ...

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One unit vector per text: ``[len(texts), dimensions]``."""
        ...

    async def health(self) -> Health:
        """Never raises."""
        ...

    async def models(self) -> Sequence[ModelInfo]:
        """What is loaded."""
        ...

    async def close(self) -> None:
        """Let go of the model; a second time does nothing."""
        ...
