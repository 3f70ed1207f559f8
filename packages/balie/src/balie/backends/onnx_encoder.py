"""The encoder on ONNX Runtime, in this process: texts become vectors, and tuned heads decide on them."""

import ctypes
import ctypes.util
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

from balie.backends.protocol import Generation, Health, Message, ModelInfo
from balie.backends.worker import Worker
from balie.decisions import (
    Answer,
    Choice,
    DecideRequest,
    DecideResponse,
    Noul,
    Question,
    Usage,
    answer_from,
    lexical,
    options_of,
    state_text,
)
from balie.decisions.heads import Head
from balie.errors import ModelUnavailable, Unsupported
from balie.models import files, hardware
from balie.models.catalog import Model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

log = logging.getLogger(__name__)

# Texts of one pass: longer runs save little, and the activations of 16 texts stay in the processor's cache.
_BATCH = 16
# Characters that are tokenized at all; far more than the tokens that are read, whatever the language.
_READ_CHARACTERS = 4000
# With it the mean certainty is the accuracy (0.79 and 0.78: seven commands, 420 messages, a description each).
_ZERO_SHOT_TEMPERATURE = 0.06
_KEPT_DESCRIPTIONS = 512


class OnnxEncoder:
    """A sentence encoder: mean over the tokens' last hidden states, scaled to length one.

    ``heads`` answer the questions of their names; a question without a head is answered by how near the
    message is to each option's description, which is a weaker answer and says so by its confidence.
    """

    engine = "onnxruntime"

    def __init__(
        self, model: Model, session: Any, tokenizer: Any, heads: Mapping[str, Head] | None = None
    ) -> None:
        self.name = model.name
        self.model = model
        self.heads = dict(heads or {})
        self._session: Any = session
        self._tokenizer: Any = tokenizer
        self._inputs = {entry.name for entry in session.get_inputs()}
        self._described: dict[str, Floats] = {}
        self._worker = Worker(model.name)

    @classmethod
    def load(
        cls, model: Model, *, threads: int = 0, heads: Mapping[str, Head] | None = None
    ) -> "OnnxEncoder":
        """Load it; takes a quarter of a second, so not on the event loop. ``threads`` 0: one a physical core.

        Raises:
            ModelsForbidden: BALIE_FORBID_MODELS is set.
            ModelUnavailable: its files are missing or not the known ones, or the engine refuses them.
        """
        weights, words = files.locate(model), files.locate(model, "tokenizer")
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or hardware.threads()
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False  # the arena keeps what the longest batch once needed
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(words))
        except Exception as error:  # the engines raise classes of their own, some straight from Exception
            raise ModelUnavailable(f"{model.name} can't be loaded: {error}", model=model.name) from error
        tokenizer.enable_truncation(model.context)
        tokenizer.no_padding()
        _give_back_memory()
        return cls(model, session, tokenizer, heads)

    @property
    def checksum(self) -> str:
        """The sha256 of its weights."""
        return self.model.checksum

    async def embed(self, texts: Sequence[str]) -> "Floats":
        """One unit vector per text; what stands after the model's context is not read."""
        wanted = list(texts)
        return await self._worker.run(lambda gone: self._embed(wanted, gone))

    async def decide(self, request: DecideRequest) -> DecideResponse:
        """Answer each question by its head, or by the nearness of the options' descriptions.

        Raises:
            Unsupported: a yes-or-no question without a head whose yes and no are not described.
        """
        return await self._worker.run(lambda gone: self._decide(request, gone))

    async def generate(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, Any] | None = None,
        max_tokens: int = 256,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """Raises Unsupported: an encoder writes nothing."""
        raise Unsupported(f"{self.name} is an encoder: it writes no text.", model=self.name)

    async def health(self) -> Health:
        """Whether it would answer."""
        return Health(False, f"{self.name} is closed.") if self._worker.closed else Health(True)

    async def models(self) -> Sequence[ModelInfo]:
        """The one encoder."""
        return (
            ModelInfo(
                self.name,
                "encoder",
                self.engine,
                self.checksum,
                self.model.context,
                self.model.dimensions,
                questions=tuple(self.heads),
            ),
        )

    async def close(self) -> None:
        """Let go of the model."""
        await self._worker.close(self._release)

    def _release(self) -> None:
        self._session = self._tokenizer = None
        self._described.clear()

    def _embed(self, texts: list[str], gone: Event) -> "Floats":
        import numpy as np

        encodings = self._tokenizer.encode_batch([text[:_READ_CHARACTERS] for text in texts])
        vectors = np.zeros((len(texts), self.model.dimensions), dtype=np.float32)
        # Texts of like length go together, so that little padding is computed.
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
        for begin in range(0, len(order), _BATCH):
            if gone.is_set():
                raise ModelUnavailable(f"{self.name} was stopped.")
            rows = order[begin : begin + _BATCH]
            longest = max(len(encodings[row].ids) for row in rows)
            ids = np.zeros((len(rows), longest), dtype=np.int64)
            mask = np.zeros_like(ids)
            for line, row in enumerate(rows):
                length = len(encodings[row].ids)
                ids[line, :length] = encodings[row].ids
                mask[line, :length] = 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = self._session.run(None, {name: given[name] for name in self._inputs})[0]
            summed = (hidden * mask[:, :, None]).sum(axis=1)
            vectors[rows] = summed / np.linalg.norm(summed, axis=1, keepdims=True)
        return vectors

    def _decide(self, request: DecideRequest, gone: Event) -> DecideResponse:
        text = state_text(request.state)
        vector = self._embed([lexical.prepared(text)], gone)
        words = lexical.all_terms([text])
        answers = {
            name: self._answer(name, question, vector, words, gone)
            for name, question in request.questions.items()
        }
        tokens = len(self._tokenizer.encode(text[:_READ_CHARACTERS]).ids)
        return DecideResponse(self.name, answers, Usage(tokens, 0))

    def _answer(
        self, name: str, question: Question, vector: "Floats", words: list[lexical.Terms], gone: Event
    ) -> Answer:
        options = [option for option, _ in options_of(question)]
        head = self.heads.get(name)
        if head and set(options) <= set(head.labels):
            found = head.probabilities(vector, words, options)[0]
            return answer_from(question, [float(found[head.labels.index(option)]) for option in options])
        return self._zero_shot(name, question, vector, gone)

    def _zero_shot(self, name: str, question: Question, vector: "Floats", gone: Event) -> Answer:
        import numpy as np

        meaning = question.criteria if isinstance(question, Noul) else None
        if isinstance(question, Noul) and not (meaning and meaning.true and meaning.false):
            raise Unsupported(
                f"{self.name} has no head for the question {name}, and a yes-or-no question without one"
                " needs criteria that say what true and false mean.",
                question=name,
            )
        described = [text for _, text in options_of(question)]
        if isinstance(question, Choice):
            described = [f"{option.replace('_', ' ')}: {text}" for option, text in options_of(question)]
        if unknown := [text for text in described if text not in self._described]:
            if len(self._described) + len(unknown) > _KEPT_DESCRIPTIONS:
                self._described.clear()
                unknown = described
            self._described.update(zip(unknown, self._embed(unknown, gone), strict=True))
        nearness = np.stack([self._described[text] for text in described]) @ vector[0]
        powers = np.exp((nearness - nearness.max()) / _ZERO_SHOT_TEMPERATURE)
        return answer_from(question, [float(power) for power in powers])


def _give_back_memory() -> None:
    """Return freed memory to the system: glibc keeps the 60 MB that unpacking the weights took."""
    if sys.platform == "linux" and (name := ctypes.util.find_library("c")):
        trim = getattr(ctypes.CDLL(name), "malloc_trim", None)
        if trim is not None:
            trim(0)
