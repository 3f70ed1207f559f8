"""What an engine really does, found out by asking it."""

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from balie.errors import BalieError

if TYPE_CHECKING:
    from balie.backends.protocol import Backend

# Nobody would answer the question with this word, unless the schema leaves no other.
_ONLY_WORD = "teapot"
_SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": [_ONLY_WORD]}},
    "required": ["answer"],
    "additionalProperties": False,
}
_TOKENS = 24
_TRIES = 3
# Two requests at once that take less than this many times one of them really run side by side.
_PARALLEL_BELOW = 1.7


class Capabilities(msgspec.Struct, frozen=True):
    """What was found. Times are in milliseconds; None is what this kind of engine does not do."""

    engine: str
    model: str
    context: int
    embeds: bool | None = None
    embed_ms: float | None = None
    schemas_enforced: bool | None = None
    probabilities: bool | None = None
    parallel: bool | None = None
    tokens_per_second: float | None = None

    def problems(self) -> list[str]:
        """What Balie needs of such an engine and this one does not do."""
        needed = {
            "its vectors are not of length one": self.embeds,
            "it does not keep to a schema": self.schemas_enforced,
            "it gives no probabilities": self.probabilities,
        }
        return [words for words, works in needed.items() if works is False]


async def probe(backend: "Backend") -> Capabilities:
    """Ask the engine, a second long.

    Raises:
        ModelError: it does not answer at all.
    """
    (info,) = await backend.models()
    if info.role == "encoder":
        return await _encoder(backend, info.engine, info.context, info.dimensions)
    return await _generator(backend, info.engine, info.context)


async def _encoder(backend: "Backend", engine: str, context: int, dimensions: int) -> Capabilities:
    import numpy as np

    texts = ["Where is my order?", "my order, where is it", "the weather on the moon"]
    await backend.embed(texts)  # the first call is slower
    begun = perf_counter()
    vectors = await backend.embed(texts[:1])
    took = (perf_counter() - begun) * 1000
    vectors = await backend.embed(texts)
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    unit = bool(np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3))
    return Capabilities(
        engine=engine,
        model=backend.name,
        context=context,
        embeds=unit and vectors.shape == (len(texts), dimensions) and near > far,
        embed_ms=round(took, 1),
    )


async def _generator(backend: "Backend", engine: str, context: int) -> Capabilities:
    from balie.backends.protocol import Message

    talk = [Message("user", "Name the capital of France.")]
    written = await backend.generate(talk, max_tokens=_TOKENS)  # the first call is slower

    async def took(count: int) -> float:
        begun = perf_counter()
        await asyncio.gather(*(backend.generate(talk, max_tokens=_TOKENS) for _ in range(count)))
        return perf_counter() - begun

    # The quickest of some: what else the machine does meanwhile only ever makes it slower.
    one = min([await took(1) for _ in range(_TRIES)])
    two = min([await took(2) for _ in range(_TRIES)])
    return Capabilities(
        engine=engine,
        model=backend.name,
        context=context,
        schemas_enforced=await _keeps_schema(backend),
        probabilities=await _gives_probabilities(backend),
        parallel=two < _PARALLEL_BELOW * one,
        tokens_per_second=round(written.usage.output_tokens / one, 1),
    )


async def _keeps_schema(backend: "Backend") -> bool:
    from balie.backends.protocol import Message

    try:
        answer = await backend.generate(
            [Message("user", "Name the capital of France.")], schema=_SCHEMA, max_tokens=_TOKENS
        )
    except BalieError:
        return False
    return bool(answer.data == {"answer": _ONLY_WORD})


async def _gives_probabilities(backend: "Backend") -> bool:
    from balie.decisions import Choice, ChoiceAnswer, DecideRequest

    question = Choice({"order": "an order or a parcel", "weather": "rain or sunshine"}, "What is it about?")
    try:
        response = await backend.decide(
            DecideRequest(backend.name, "My parcel has not come.", {"topic": question})
        )
    except BalieError:
        return False
    answer = response.answers["topic"]
    return isinstance(answer, ChoiceAnswer) and 0 < max(answer.probabilities.values()) < 1
