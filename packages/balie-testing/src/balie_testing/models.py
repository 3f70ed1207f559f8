"""Understanding without a model: what each phrase means is written down in the test."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from balie.agent.reading import MOOD, QUESTION, UPSET
from balie.agent.team import OUT_OF_SCOPE
from balie.config import ModelSettings
from balie.decisions.corpus import Corpus
from balie.decisions.heads import Thresholds
from balie.errors import ModelUnavailable
from balie.routing import Models, Reading

from balie_testing.backends import FakeBackend, vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLDS = Thresholds(confident=0.6, inside=0.5)
_EDGES = re.compile(r"^[\s\W]+|[\s\W]+$")

Meaning = str | tuple[str, float]
"""A command, or a command and how probable it is."""


class FakeModels(Models):
    """What a desk holds, knowing only the phrases that it is given; the others are out of scope.

    ::

        FakeModels(team.commands, {"where is it": "track_shipment", "stop that": ("cancel_order", 0.5)})

    Args:
        commands: all of the team's.
        phrases: phrase → meaning. Capitals and what stands around the words do not matter. A desk asks
            for the parts of a message too, so a part that means something is a phrase of its own.
        certainty: the probability of a meaning that names none.
        upset: the phrases whose speaker is upset.
        written: what the generator writes, call by call (as its schema wants it); the last one stays.
        why: there are no models, for this reason.
        corpus: the vectors of what is searched by meaning.

    ``read`` has every text that was read so far, in order.
    """

    def __init__(
        self,
        commands: Collection[str],
        phrases: Mapping[str, Meaning] | None = None,
        *,
        certainty: float = 0.97,
        upset: Iterable[str] = (),
        written: Sequence[Mapping[str, Any]] = (),
        why: str = "",
        corpus: Corpus | None = None,
    ) -> None:
        super().__init__(ModelSettings(generate=False), commands=commands, encoder=FakeBackend())
        self.read: list[str] = []
        self.why = why
        self.corpus = corpus
        self._known = sorted({*commands, OUT_OF_SCOPE})
        self._phrases = {_plain(phrase): meaning for phrase, meaning in (phrases or {}).items()}
        self._certainty = certainty
        self._upset = {_plain(phrase) for phrase in upset}
        self._written = list(written)
        meant = {m if isinstance(m, str) else m[0] for m in self._phrases.values()}
        if unknown := sorted(meant - set(self._known)):
            raise ValueError(f"{unknown[0]} is no command of this team: {', '.join(self._known)}.")

    @property
    def name(self) -> str:
        """As turns show it."""
        return "fake"

    @property
    def state(self) -> Literal["warming_up", "ready", "degraded"]:
        """Ready at once, or degraded where there is a ``why``."""
        return "degraded" if self.why else "ready"

    def start(self) -> None:
        """There is nothing to load."""

    async def ready(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109  as Models has it
        """At once."""
        return not self.why

    async def classify(self, texts: Sequence[str]) -> list[Reading]:
        """As the phrases say.

        Raises:
            ModelUnavailable: there is a ``why``.
        """
        if self.why:
            raise ModelUnavailable(self.why)
        self.read += texts
        return [self._reading(_plain(text)) for text in texts]

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """See :func:`balie_testing.backends.vectors`.

        Raises:
            ModelUnavailable: there is a ``why``.
        """
        if self.why:
            raise ModelUnavailable(self.why)
        return vectors(texts)

    async def write(
        self,
        instruction: str,
        source: str,
        schema: Mapping[str, Any],
        *,
        timeout: float,  # noqa: ASYNC109  as Models has it
    ) -> Mapping[str, Any] | None:
        """The next thing of ``written``; None without any."""
        if not self._written or self.why:
            return None
        return self._written.pop(0) if len(self._written) > 1 else self._written[0]

    async def close(self) -> None:
        """There is nothing to close."""

    def _reading(self, phrase: str) -> Reading:
        meaning = self._phrases.get(phrase)
        command, certainty = (
            (OUT_OF_SCOPE, self._certainty)
            if meaning is None
            else (meaning, self._certainty)
            if isinstance(meaning, str)
            else meaning
        )
        rest = (1 - certainty) / (len(self._known) - 1)
        answers = {known: certainty if known == command else rest for known in self._known}
        upset = 0.95 if phrase in self._upset else 0.05
        return Reading(
            answers={QUESTION: answers, MOOD: {UPSET: upset, "calm": 1 - upset}},
            inside={QUESTION: 1 - answers[OUT_OF_SCOPE], MOOD: 1.0},
            thresholds={QUESTION: THRESHOLDS, MOOD: THRESHOLDS},
        )


def _plain(text: str) -> str:
    return " ".join(_EDGES.sub("", text).casefold().split())
