"""What the two ways to llama.cpp share: taking turns, checking schemas, deciding by one token."""

import asyncio
import importlib.util
import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from balie.backends.protocol import Generation, Health, Message, ModelInfo
from balie.backends.worker import Worker
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
from balie.errors import BadGeneration, BadRequest, ConfigError, ModelUnavailable, Unsupported
from balie.models import profiles
from balie.models.catalog import Model
from balie.models.profiles import Profile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

ENGINES = ("auto", "xllamacpp", "llama-cpp-python")
# Each option gets a letter, which is one token in every vocabulary worth the name.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SEED = 20260310
_NOTHING = "(nothing)"
_KEPT_LEANINGS = 64
# The first attempt always takes the likeliest token; the second must be able to turn out otherwise.
_TEMPERATURES = (0.0, 0.4)


class Written(NamedTuple):
    """What an engine wrote in one go."""

    text: str
    stopped: Literal["end", "length"]
    input_tokens: int
    output_tokens: int


class LlamaBackend(ABC):
    """A generator on llama.cpp, one call at a time, on a thread of its own.

    It writes the likeliest text, so the same question has the same answer. It decides by the
    probabilities of one token: the options are lettered and the model is asked for the letter. A small
    model leans towards some letters whatever it reads; what it answers about nothing at all is taken off
    (Zhao et al., Calibrate Before Use, 2021), which makes SmolLM2 right twice as often.
    """

    engine: str

    def __init__(self, model: Model, profile: Profile, quantization: str) -> None:
        self.name = model.name
        self.model = model
        self.profile = profile
        self.quantization = quantization
        self._leanings: dict[str, list[float]] = {}
        self._worker = Worker(model.name)

    @abstractmethod
    def _write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any] | None,
        max_tokens: int,
        temperature: float,
        tell: Callable[[str], None],
        gone: Event,
    ) -> Written:
        """Write until the end, ``max_tokens`` or ``gone``; raises BadRequest when the prompt is too long."""

    @abstractmethod
    def _letters(self, messages: Sequence[Message], letters: str) -> tuple[list[float], int]:
        """The log-probability of each letter as the next token, and the tokens that were read.

        A letter that is too unlikely to be listed gets the smallest one known.
        """

    @abstractmethod
    def _free(self) -> None:
        """Let go of the engine and its model."""

    async def generate(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 256,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Write. With a schema ``on_text`` gets the whole text once it is checked, since a retry may follow.

        Raises:
            BadRequest: the messages don't fit into the context, or ``schema`` is no JSON Schema.
            BadGeneration: what was written is not what the schema allows, twice.
        """
        validator = _validator(schema) if schema is not None else None
        loop = asyncio.get_running_loop()

        def tell(piece: str) -> None:
            if on_text is not None and validator is None:
                loop.call_soon_threadsafe(on_text, piece)

        def write(gone: Event) -> Generation:
            budget, fault = max_tokens, ""
            for temperature in _TEMPERATURES:
                written = self._write(messages, schema, budget, temperature, tell, gone)
                if gone.is_set():
                    raise ModelUnavailable(f"{self.name} was stopped while it wrote.")
                usage = Usage(written.input_tokens, written.output_tokens)
                if validator is None:
                    return Generation(written.text, None, written.stopped, usage)
                data, fault = _checked(written.text, validator)
                if not fault:
                    return Generation(written.text, data, written.stopped, usage)
                log.info("%s did not keep to the schema: %s", self.name, fault)
                if written.stopped == "length":
                    budget = min(2 * budget, self.profile.context // 2)
            raise BadGeneration(f"{self.name} did not keep to the schema, twice: {fault}.", model=self.name)

        generation = await self._worker.run(write)
        if on_text is not None and validator is not None:
            on_text(generation.text)
        return generation

    async def decide(self, request: DecideRequest) -> DecideResponse:
        """Answer each question by the probabilities of its options' letters.

        Raises:
            BadRequest: the state does not fit into the context.
            Unsupported: a question with more than 52 options.
        """
        for name, question in request.questions.items():
            if len(options_of(question)) > len(_LETTERS):
                raise Unsupported(
                    f"{self.name} can choose among {len(_LETTERS)} options; {name} has more.", question=name
                )
        return await self._worker.run(lambda gone: self._decide(request, gone))

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Raises Unsupported: vectors are the encoder's work."""
        raise Unsupported(f"{self.name} is a generator: it makes no vectors.", model=self.name)

    async def health(self) -> Health:
        """Whether it would answer."""
        return Health(False, f"{self.name} is closed.") if self._worker.closed else Health(True)

    async def models(self) -> Sequence[ModelInfo]:
        """The one generator."""
        return (
            ModelInfo(
                self.name,
                "generator",
                self.engine,
                self.model.checksum,
                self.profile.context,
                quantization=self.quantization,
            ),
        )

    async def close(self) -> None:
        """Stop writing and let go of the model."""
        await self._worker.close(self._free)

    def _decide(self, request: DecideRequest, gone: Event) -> DecideResponse:
        text, answers, read = state_text(request.state), {}, 0
        for name, question in request.questions.items():
            if gone.is_set():
                raise ModelUnavailable(f"{self.name} was stopped while it decided.")
            answers[name], tokens = self._answer(name, question, text)
            read += tokens
        return DecideResponse(self.name, answers, Usage(read, len(answers)))

    def _answer(self, name: str, question: Question, text: str) -> tuple[Answer, int]:
        options = options_of(question)
        letters = _LETTERS[: len(options)]
        # The question comes first: it is the same for every state, and what was read of it is kept.
        listed = "\n".join(
            f"{letter}: {option.replace('_', ' ')} ({meaning})"
            if meaning != option.replace("_", " ")
            else f"{letter}: {meaning}"
            for letter, (option, meaning) in zip(letters, options, strict=True)
        )
        asked = question.instructions or f"Which {name.replace('_', ' ')} fits the text?"
        prompt = f"{asked}\n{listed}\nAnswer with one letter only."
        instruction = Message("system", prompt)
        found, read = self._letters([instruction, Message("user", text or _NOTHING)], letters)
        if prompt not in self._leanings:
            if len(self._leanings) >= _KEPT_LEANINGS:
                self._leanings.clear()
            self._leanings[prompt], more = self._letters([instruction, Message("user", _NOTHING)], letters)
            read += more
        weighed = [value - leaning for value, leaning in zip(found, self._leanings[prompt], strict=True)]
        highest = max(weighed)
        return answer_from(question, [math.exp(value - highest) for value in weighed]), read


def load(model: Model, *, engine: str = "auto", threads: int = 0, profile: str = "auto") -> LlamaBackend:
    """Load a generator; takes a second, the first time on a machine three, so not on the event loop.

    ``auto`` takes llama-cpp-python where it is installed, since it was compiled for this processor.
    ``threads`` 0 is one for each physical core.

    Raises:
        ConfigError: there is no such engine or profile.
        ModelsForbidden: BALIE_FORBID_MODELS is set.
        ModelUnavailable: the engine is not installed, or it can't load the model.
    """
    if engine not in ENGINES:
        raise ConfigError(f"models.engine is {engine}; it can be {', '.join(ENGINES)}.", engine=engine)
    chosen = profiles.choose(model, profile)
    compiled = engine == "llama-cpp-python" or (
        engine == "auto" and importlib.util.find_spec("llama_cpp") is not None
    )
    if compiled:
        from balie.backends.llama_cpp_python import LlamaCppPython

        return LlamaCppPython.load(model, chosen, threads=threads)
    from balie.backends.llama_xllamacpp import LlamaXllamacpp

    return LlamaXllamacpp.load(model, chosen, threads=threads)


def _validator(schema: Mapping[str, Any]) -> Any:
    import jsonschema_rs

    try:
        return jsonschema_rs.validator_for(dict(schema))
    except (ValueError, TypeError) as error:
        raise BadRequest(f"This is not a JSON Schema: {error}") from error


def _checked(text: str, validator: Any) -> tuple[Any, str]:
    """The decoded JSON, and what is wrong with it (nothing: empty)."""
    try:
        data = msgspec.json.decode(text.encode())
    except msgspec.DecodeError as error:
        return None, str(error)
    fault = next(iter(validator.iter_errors(data)), None)
    return data, "" if fault is None else str(fault.message)
