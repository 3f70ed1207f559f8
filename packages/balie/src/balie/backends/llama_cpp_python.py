"""The generator on llama-cpp-python: llama.cpp compiled for this machine, where it is installed."""

import contextlib
import ctypes
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import Any

import msgspec

from balie.backends.llama import SEED, LlamaBackend, Written
from balie.backends.protocol import Message
from balie.errors import BadRequest, ModelUnavailable
from balie.models import files, hardware
from balie.models.catalog import Model
from balie.models.profiles import Profile


class LlamaCppPython(LlamaBackend):
    """SmolLM2 or another GGUF model on llama-cpp-python.

    Its threads do not poll while nothing is to be done: they live for one pass only.
    """

    engine = "llama-cpp-python"

    def __init__(self, model: Model, profile: Profile, quantization: str, llama: Any, formatter: Any) -> None:
        super().__init__(model, profile, quantization)
        self._llama: Any = llama
        self._formatter: Any = formatter

    @classmethod
    def load(cls, model: Model, profile: Profile, *, threads: int = 0) -> "LlamaCppPython":
        """Load the model in the profile's quantization, or as it ships where that can't be made.

        Raises:
            ModelsForbidden: BALIE_FORBID_MODELS is set.
            ModelUnavailable: no engine, no file, or the engine can't load it.
        """
        weights = files.requantized(model, profile.quantization)
        try:
            import llama_cpp
            from llama_cpp.llama_chat_format import Jinja2ChatFormatter
        except ImportError as error:
            raise ModelUnavailable(
                f"models.engine is llama-cpp-python, which is not installed: {error}", model=model.name
            ) from error
        count = threads or profile.threads or hardware.threads()
        try:
            # Quiet by its own means would point the process's standard output elsewhere while it loads, and
            # with it a screen that is being drawn. So it may talk, to a log that is not kept.
            with contextlib.redirect_stderr(io.StringIO()):
                llama = _without_repacking(llama_cpp.Llama)(
                    str(weights),
                    n_ctx=profile.context,
                    n_batch=profile.batch,
                    n_ubatch=profile.batch,
                    n_threads=count,
                    n_threads_batch=count,
                    seed=SEED,
                    use_mlock=profile.mlock,
                    verbose=True,
                )
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelUnavailable(
                f"{model.name} can't be loaded from {weights}: {error}", model=model.name
            ) from error
        llama.verbose = False
        logging.getLogger("llama-cpp-python").setLevel(logging.CRITICAL + 1)
        words = llama.metadata
        formatter = Jinja2ChatFormatter(
            words["tokenizer.chat_template"],
            eos_token=_text_of(llama, llama.token_eos()),
            bos_token=_text_of(llama, llama.token_bos()),
        )
        shipped = weights == files.locate(model)
        return cls(
            model, profile, str(model.quantization) if shipped else profile.quantization, llama, formatter
        )

    def _write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any] | None,
        max_tokens: int,
        temperature: float,
        tell: Callable[[str], None],
        gone: Event,
    ) -> Written:
        from llama_cpp import LlamaGrammar

        tokens = self._prompt(messages)
        grammar = None
        if schema is not None:
            try:
                grammar = LlamaGrammar.from_json_schema(
                    msgspec.json.encode(dict(schema)).decode(), verbose=False
                )
            except (ValueError, KeyError, TypeError, AssertionError) as error:
                raise BadRequest(f"The engine can't keep to this schema: {error}") from error
        pieces: list[str] = []
        stopped = "stop"
        room = self.profile.context - len(tokens)
        for chunk in self._llama.create_completion(
            tokens,
            max_tokens=max(1, min(max_tokens, room)),
            temperature=temperature,
            seed=SEED,
            grammar=grammar,
            stream=True,
        ):
            if gone.is_set():
                break
            choice = chunk["choices"][0]
            stopped = choice["finish_reason"] or stopped
            if piece := choice["text"]:
                pieces.append(piece)
                tell(piece)
        written = max(0, int(self._llama.n_tokens) - len(tokens))
        return Written("".join(pieces), "length" if stopped == "length" else "end", len(tokens), written)

    def _letters(self, messages: Sequence[Message], letters: str) -> tuple[list[float], int]:
        import llama_cpp
        import numpy as np

        tokens = self._prompt(messages)
        llama = self._llama
        # What was read last time and begins alike is kept; the last token is read anew, for its logits.
        known = llama.input_ids[: llama.n_tokens].tolist()
        llama.n_tokens = kept = llama.longest_token_prefix(known, tokens[:-1])
        llama.eval(tokens[kept:])
        pointer = llama_cpp.llama_get_logits_ith(llama.ctx, -1)
        logits = np.ctypeslib.as_array(
            ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float)), (llama.n_vocab(),)
        )
        named = [llama.tokenize(letter.encode(), add_bos=False, special=False)[0] for letter in letters]
        return [float(value) for value in logits[named]], len(tokens)

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        prompt = self._formatter(messages=msgspec.to_builtins(list(messages))).prompt
        tokens: list[int] = self._llama.tokenize(prompt.encode(), add_bos=False, special=True)
        if len(tokens) >= self.profile.context:
            raise BadRequest(
                f"The text has {len(tokens)} tokens, and {self.name} reads {self.profile.context}.",
                model=self.name,
            )
        return tokens

    def _free(self) -> None:
        self._llama.close()
        self._llama = self._formatter = None


def _without_repacking(kind: Any) -> Any:
    """The engine's class with repacked weights switched off, for which its constructor has no argument.

    Repacking keeps a second copy of the weights in memory, and where the processor has AMX the first
    prompt ends the process (llama.cpp issue 20824).
    """

    class Llama(kind):  # type: ignore[misc]
        @property
        def model_params(self) -> Any:
            return self._model_params

        @model_params.setter
        def model_params(self, params: Any) -> None:
            params.use_extra_bufts = False
            self._model_params = params

    return Llama


def _text_of(llama: Any, token: int) -> str:
    return str(llama.detokenize([token], special=True).decode()) if token >= 0 else ""
