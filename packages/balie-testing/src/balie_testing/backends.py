"""Engines that need no model: the same answers every time, at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

import msgspec
import numpy as np
from balie.backends.protocol import Generation, Health, Message, ModelInfo
from balie.decisions import (
    Answer,
    DecideRequest,
    DecideResponse,
    Question,
    Usage,
    answer_from,
    options_of,
    state_text,
)
from balie.errors import BadGeneration, ModelUnavailable, Unsupported

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = 64
_WORD = re.compile(r"\w+")


def vectors(texts: Sequence[str], dimensions: int = DIMENSIONS) -> "NDArray[np.float32]":
    """Texts as unit vectors ``[texts, dimensions]``: each word counts in a place that its hash says.

    Texts that share words lie near each other, capitals and order do not matter. A text without a word
    has a place of its own.
    """
    counted = np.zeros((len(texts), dimensions), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in _WORD.findall(text.casefold()) or [""]:
            place = crc32(word.encode())
            counted[row, place % dimensions] += 1 if place & 0x8000_0000 else -1
        if not counted[row].any():
            counted[row, 0] = 1  # its words cancelled each other out
    return np.asarray(counted / np.linalg.norm(counted, axis=1, keepdims=True), dtype=np.float32)


class FakeBackend:
    """An engine for tests. It implements :class:`balie.backends.protocol.Backend`.

    Args:
        answers: question → option → probability; the options left out share what is left. A question that
            is not in it is answered by the words that the state shares with each option's description.
        written: what it writes, call by call (a text, or data where a schema was given); the last one
            stays. Without any it can't write.
    """

    engine = "fake"

    def __init__(
        self,
        *,
        name: str = "fake",
        answers: Mapping[str, Mapping[str, float]] | None = None,
        written: Sequence[Any] = (),
    ) -> None:
        self.name = name
        self.answers = dict(answers or {})
        self.asked: list[DecideRequest | Sequence[Message]] = []
        """Every request so far, in order."""
        self._written = list(written)
        self._closed = False

    async def decide(self, request: DecideRequest) -> DecideResponse:
        """Scripted, or by shared words."""
        self._check(request)
        text = state_text(request.state)
        answers = {name: self._answer(name, question, text) for name, question in request.questions.items()}
        return DecideResponse(self.name, answers, Usage(len(_WORD.findall(text)), 0))

    async def generate(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 256,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The next scripted text or data.

        Raises:
            Unsupported: nothing was scripted. BadGeneration: a schema was given and a text is next.
        """
        self._check(messages)
        if not self._written:
            raise Unsupported(f"{self.name} writes nothing: no texts were given to it.", model=self.name)
        following = self._written.pop(0) if len(self._written) > 1 else self._written[0]
        if isinstance(following, str):
            if schema is not None:
                raise BadGeneration(
                    f"{self.name} was asked for data and is to write a text.", model=self.name
                )
            generation = Generation(following)
        else:
            generation = Generation(msgspec.json.encode(following).decode(), following)
        if on_text is not None:
            on_text(generation.text)
        return generation

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """See :func:`vectors`."""
        self._check()
        return vectors(texts)

    async def health(self) -> Health:
        """Well, until it is closed."""
        return Health(False, f"{self.name} is closed.") if self._closed else Health(True)

    async def models(self) -> Sequence[ModelInfo]:
        """Itself."""
        role: Literal["generator", "encoder"] = "generator" if self._written else "encoder"
        return (ModelInfo(self.name, role, "fake", "0" * 64, 512, DIMENSIONS, questions=tuple(self.answers)),)

    async def close(self) -> None:
        """From now on it is unavailable."""
        self._closed = True

    def _check(self, request: DecideRequest | Sequence[Message] | None = None) -> None:
        if self._closed:
            raise ModelUnavailable(f"{self.name} is closed.", model=self.name)
        if request is not None:
            self.asked.append(request)

    def _answer(self, name: str, question: Question, text: str) -> Answer:
        options = options_of(question)
        if name not in self.answers:
            state, *described = vectors([text, *(f"{option} {meaning}" for option, meaning in options)])
            return answer_from(question, [float(np.exp(8 * (state @ one))) for one in described])
        given = self.answers[name]
        rest = [option for option, _ in options if option not in given]
        left = max(0.0, 1 - sum(given.values())) / len(rest) if rest else 0.0
        return answer_from(question, [given.get(option, left) for option, _ in options])


class FakeEncoder(FakeBackend):
    """A :class:`FakeBackend` that only reads: its vectors are :func:`vectors`."""

    def __init__(
        self, *, name: str = "fake-encoder", answers: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        super().__init__(name=name, answers=answers)
