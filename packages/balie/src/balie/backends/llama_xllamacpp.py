"""The generator on xllamacpp: llama.cpp's own server object, in this process, from a prebuilt wheel."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import msgspec

from balie.backends.llama import SEED, LlamaBackend, Written
from balie.backends.protocol import Message
from balie.errors import BadRequest, ModelUnavailable
from balie.models import files, hardware
from balie.models.catalog import Model
from balie.models.profiles import Profile

# How many of the likeliest next tokens are looked at for the options' letters.
_LOOKED_AT = 400
_LONGEST_SOCKET_PATH = 100  # the system's limit is 104 or 108 bytes


class LlamaXllamacpp(LlamaBackend):
    """SmolLM2 or another GGUF model on xllamacpp."""

    engine = "xllamacpp"

    def __init__(self, model: Model, profile: Profile, quantization: str, server: Any) -> None:
        super().__init__(model, profile, quantization)
        self._server: Any = server

    @classmethod
    def load(cls, model: Model, profile: Profile, *, threads: int = 0) -> "LlamaXllamacpp":
        """Load the model in the profile's quantization, or as it ships where that can't be made.

        Raises:
            ModelsForbidden: BALIE_FORBID_MODELS is set.
            ModelUnavailable: no engine, no file, or the engine can't load it.
        """
        weights = files.requantized(model, profile.quantization)
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelUnavailable(
                f"{model.name} needs the package xllamacpp: {error}", model=model.name
            ) from error
        params = xllamacpp.CommonParams()
        params.model.path = str(weights)
        params.n_ctx = profile.context
        params.n_batch = params.n_ubatch = profile.batch
        params.n_parallel = 1
        for processors in (params.cpuparams, params.cpuparams_batch):
            processors.n_threads = threads or profile.threads or hardware.threads()
            processors.poll = 0  # a waiting thread sleeps, and the screen beside it stays smooth
        modes = xllamacpp.llama_load_mode
        params.load_mode = modes.LLAMA_LOAD_MODE_MMAP_MLOCK if profile.mlock else modes.LLAMA_LOAD_MODE_MMAP
        params.cache_ram_mib = 0
        params.warmup = False
        params.fit_params = False
        params.verbosity = -1
        params.sampling.seed = SEED
        # The server object always listens. Nobody is to talk to it but this process.
        params.ui = params.endpoint_slots = False
        params.api_keys = [secrets.token_urlsafe(32)]
        params.cors_origins = ""
        with _out_of_reach(params):
            try:
                server = xllamacpp.Server(params)
            except (RuntimeError, ValueError) as error:
                raise ModelUnavailable(
                    f"{model.name} can't be loaded from {weights}: {error}", model=model.name
                ) from error
        shipped = weights == files.locate(model)
        return cls(model, profile, str(model.quantization) if shipped else profile.quantization, server)

    def _write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any] | None,
        max_tokens: int,
        temperature: float,
        tell: Callable[[str], None],
        gone: Event,
    ) -> Written:
        body: dict[str, Any] = {
            "messages": msgspec.to_builtins(list(messages)),
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": SEED,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if schema is not None:
            body["response_format"] = {"type": "json_schema", "json_schema": {"schema": dict(schema)}}
        pieces: list[str] = []
        last: dict[str, Any] = {}

        def take(chunk: dict[str, Any]) -> bool:
            # An exception in here would be lost in the engine's thread, so nothing is judged yet.
            last.update({key: chunk[key] for key in ("error", "usage") if key in chunk})
            for choice in chunk.get("choices", ()):
                last["stopped"] = choice.get("finish_reason") or last.get("stopped")
                if piece := choice.get("delta", {}).get("content"):
                    pieces.append(piece)
                    tell(piece)
            return gone.is_set()

        self._ask(self._server.handle_chat_completions, body, take)
        if "error" in last:
            raise self._error(last["error"])
        usage = last.get("usage") or {}
        return Written(
            "".join(pieces),
            "length" if last.get("stopped") == "length" else "end",
            usage.get("prompt_tokens", 0),
            usage.get("completion_tokens", len(pieces)),
        )

    def _letters(self, messages: Sequence[Message], letters: str) -> tuple[list[float], int]:
        answer = self._ask(
            self._server.handle_chat_completions,
            {
                "messages": msgspec.to_builtins(list(messages)),
                "max_tokens": 1,
                "temperature": 0,
                "logprobs": True,
                "top_logprobs": _LOOKED_AT,
            },
        )
        if "error" in answer:
            raise self._error(answer["error"])
        likeliest = answer["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        found = {entry["token"]: float(entry["logprob"]) for entry in reversed(likeliest)}
        least = min(found.values())
        return [found.get(letter, least) for letter in letters], int(answer["usage"]["prompt_tokens"])

    def _free(self) -> None:
        self._server = None

    def _ask(self, verb: Any, *given: Any) -> Any:
        try:
            return verb(*given)
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"{self.name} failed: {error}", model=self.name) from error

    def _error(self, error: Mapping[str, Any]) -> BadRequest | ModelUnavailable:
        if error.get("type") == "exceed_context_size_error":
            return BadRequest(
                f"The text has {error.get('n_prompt_tokens')} tokens, and {self.name} reads"
                f" {self.profile.context}.",
                model=self.name,
            )
        return ModelUnavailable(f"{self.name} failed: {error.get('message')}", model=self.name)


@contextmanager
def _out_of_reach(params: Any) -> Iterator[None]:
    """Let the server object listen where nobody can come.

    On a socket file in a private folder, gone as soon as it stands; where there are no socket files, on
    the loopback address behind the random key alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="balie-"))
    try:
        socket = folder / "llama.sock"
        if sys.platform != "win32" and len(os.fsencode(socket)) < _LONGEST_SOCKET_PATH:
            params.hostnames = [str(socket)]
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
