"""Which model answers: the encoder with the vertical's heads decides, the generator writes.

Both are loaded in the background, the encoder at once, the generator when something is to be written
for the first time. Who asks before the encoder is there waits for it; where it can't be had, the
desk goes on without (``state`` is ``degraded`` and ``why`` says why).
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from balie.config import ModelSettings
from balie.decisions import DecideRequest, DecideResponse, lexical
from balie.decisions.corpus import Corpus
from balie.decisions.heads import Head, Thresholds, load_all
from balie.decisions.spelling import Spelling
from balie.errors import BalieError, ModelMismatch, ModelUnavailable
from balie.routing.watching import Watch, unwatched

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from balie.backends.protocol import Backend

log = logging.getLogger(__name__)

COMMAND = "command"
"""The question that every vertical has a head for."""

LOADING_SECONDS = 20.0
"""How long somebody who asks waits for an encoder that is still loading."""

_WRITTEN_TOKENS = 160
# Of what is to be summarised; some 1,200 tokens, which leaves room for the instruction and the answer.
_SOURCE_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Reading:
    """What the heads make of one text.

    Attributes:
        answers: question → label → probability; they add up to one.
        inside: question → how surely the text is about any of its labels, in [0, 1].
        thresholds: question → from where on both are relied upon.
    """

    answers: Mapping[str, Mapping[str, float]]
    inside: Mapping[str, float]
    thresholds: Mapping[str, Thresholds]


class Models:
    """The models that one vertical's desk asks.

    Args:
        name: the vertical's, for the words of errors.
        heads: its folder of heads; within it there is one for each encoder.
        commands: what the head of the question ``command`` must know, exactly.
        encoder, generator: engines that are loaded already, instead of those that the settings name.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        name: str = "",
        heads: Path | None = None,
        commands: Collection[str] | None = None,
        encoder: "Backend | None" = None,
        generator: "Backend | None" = None,
    ) -> None:
        self.settings = settings
        self.vertical = name
        self.corpus: Corpus | None = None
        self.why = ""
        self.load_seconds = 0.0
        self.watch: Watch = unwatched
        """Is told of what the models and the tools do; set it before they are asked."""
        self._folder = heads
        self._commands = commands
        self._encoder = encoder
        self._generator = generator
        self._heads: dict[str, Head] = {}
        self._spelling: Spelling | None = None
        self._loading: Future[None] | None = None
        self._writing: Future[Backend] | None = None
        self._closed = False
        self._loader = ThreadPoolExecutor(max_workers=2, thread_name_prefix="balie-load")

    @property
    def name(self) -> str:
        """What decides: the encoder and whose heads."""
        return f"{self.settings.encoder}+{self.vertical}" if self.vertical else self.settings.encoder

    @property
    def state(self) -> Literal["warming_up", "ready", "degraded"]:
        """``warming_up`` until the encoder is there; ``degraded`` when it can't be, see ``why``."""
        if self._loading is None or not self._loading.done():
            return "warming_up"
        if self._commands is not None and COMMAND in self._heads and not self.why:
            try:
                self._heads[COMMAND].check_labels(self._commands, self.vertical)
                self._commands = None
            except ModelMismatch as error:
                self.why = str(error)
                log.warning("no encoder: %s", error)
        return "degraded" if self.why else "ready"

    def expect(self, commands: Collection[str]) -> None:
        """What the head of the question ``command`` must know; it can be told while that is loading."""
        self._commands = commands

    def start(self) -> None:
        """Begin to load, and return at once; a second time does nothing."""
        if self._loading is None and not self._closed:
            self._loading = self._loader.submit(self._load)

    async def ready(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109  one number is all it takes
        """Wait until the encoder is there; False where it can't be had, or not within ``timeout`` seconds."""
        self.start()
        if self._loading is None:
            return False
        try:
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._loading)), timeout)
        except TimeoutError:
            return False
        return self.state == "ready"

    async def classify(self, texts: Sequence[str]) -> list[Reading]:
        """Read texts with every head, all from one pass of the encoder.

        Raises:
            ModelUnavailable: there is no encoder, or none in time.
        """
        if self._spelling is not None:
            texts = [self._spelling.respelled(text) for text in texts]
        vectors = await self.embed([lexical.prepared(text) for text in texts])
        terms = lexical.all_terms(texts)
        answers = {question: head.probabilities(vectors, terms) for question, head in self._heads.items()}
        inside = {question: head.inside(vectors, terms) for question, head in self._heads.items()}
        thresholds = {question: head.thresholds for question, head in self._heads.items()}
        return [
            Reading(
                answers={
                    question: dict(zip(self._heads[question].labels, map(float, found[row]), strict=True))
                    for question, found in answers.items()
                },
                inside={question: float(found[row]) for question, found in inside.items()},
                thresholds=thresholds,
            )
            for row in range(len(texts))
        ]

    async def decide(self, request: DecideRequest) -> DecideResponse:
        """Answer typed questions: by the heads of their names, or by the options' descriptions.

        Raises:
            ModelUnavailable: there is no encoder, or none in time.
            Unsupported: a yes-or-no question that has no head and does not say what yes and no mean.
        """
        if not await self.ready(LOADING_SECONDS) or self._encoder is None:
            raise ModelUnavailable(self.why or "The encoder is still loading.")
        with self.watch("embeddings", self._encoder.name, provider=self._encoder.engine) as watched:
            response = await self._encoder.decide(request)
            watched.used(response.usage.input_tokens, response.usage.output_tokens)
        return response

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Unit vectors, ``[texts, dimensions]``.

        Raises:
            ModelUnavailable: there is no encoder, or none in time.
        """
        if not await self.ready(LOADING_SECONDS) or self._encoder is None:
            raise ModelUnavailable(self.why or "The encoder is still loading.")
        with self.watch("embeddings", self._encoder.name, provider=self._encoder.engine):
            return await self._encoder.embed(texts)

    async def write(
        self,
        instruction: str,
        source: str,
        schema: Mapping[str, Any],
        *,
        timeout: float,  # noqa: ASYNC109  the caller's patience, loading included
    ) -> Mapping[str, Any] | None:
        """Let the generator write what ``schema`` allows about ``source``; None where it can't or is late.

        What it writes is not checked for truth here.
        """
        from balie.backends.protocol import Message

        if not self.settings.generate and self._generator is None:
            return None
        messages = [Message("system", instruction), Message("user", source[:_SOURCE_CHARACTERS])]
        try:
            async with asyncio.timeout(timeout):
                generator = await self._writer()
                with self.watch("chat", generator.name, provider=generator.engine) as watched:
                    generation = await generator.generate(messages, schema=schema, max_tokens=_WRITTEN_TOKENS)
                    watched.used(generation.usage.input_tokens, generation.usage.output_tokens)
        except TimeoutError:
            log.warning("the generator did not write in %.1f s; a template is taken", timeout)
            return None
        except BalieError as error:
            log.warning("the generator can't write (%s); a template is taken", error.slug)
            return None
        return generation.data if isinstance(generation.data, Mapping) else None

    async def close(self) -> None:
        """Let go of both models; a second time does nothing."""
        self._closed = True
        if self._loading is not None:
            await self.ready()
        if self._writing is not None:
            await asyncio.wait([asyncio.wrap_future(self._writing)])
            if not self._writing.exception():
                self._generator = self._writing.result()
        for engine in (self._encoder, self._generator):
            if engine is not None:
                await engine.close()
        self._loader.shutdown(wait=False)
        self.why = self.why or "The models are closed."

    def _load(self) -> None:
        """In a thread: the encoder, its heads, its corpus; a failure is kept in ``why``."""
        from balie.models import catalog

        started = perf_counter()
        try:
            model = catalog.model(self.settings.encoder, "encoder")
            if self._folder is not None:
                folder = self._folder / model.name
                self._heads = load_all(folder)
                if COMMAND not in self._heads:
                    raise ModelUnavailable(
                        f"{self.vertical} has no head for {model.name}: run `balie tune {self.vertical}`."
                    )
                for head in self._heads.values():
                    head.check_encoder(model.name, model.checksum, model.dimensions, self.vertical)
                self.corpus = Corpus.load(folder, model.checksum)
                self._spelling = Spelling.load(folder)
            if self._encoder is None:
                from balie.backends.onnx_encoder import OnnxEncoder

                self._encoder = OnnxEncoder.load(model, threads=self.settings.threads, heads=self._heads)
        except BalieError as error:
            self.why = str(error)
            log.warning("no encoder: %s", error)
        except Exception as error:  # in a thread nobody would see it, and the state would say ready
            self.why = f"The encoder can't be loaded: {error}"
            log.exception("no encoder")
        self.load_seconds = perf_counter() - started

    async def _writer(self) -> "Backend":
        """The generator, loaded when it is needed first."""
        if self._generator is not None:
            return self._generator
        if self._closed:
            raise ModelUnavailable("The models are closed.")
        if self._writing is None:
            self._writing = self._loader.submit(self._load_generator)
        self._generator = await asyncio.shield(asyncio.wrap_future(self._writing))
        return self._generator

    def _load_generator(self) -> "Backend":
        from balie.backends import llama
        from balie.models import catalog

        model = catalog.model(self.settings.generator, "generator")
        return llama.load(model, engine=self.settings.engine, threads=self.settings.threads)
