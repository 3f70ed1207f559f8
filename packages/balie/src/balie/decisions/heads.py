"""Heads: calibrated linear layers over a message's sentence vector and its n-grams, one per question.

A head answers one question (which command is meant; is the person upset) from the same vector that
every other head reads, so a question more costs a matrix product. It is bound to one encoder file and
to one set of labels: vectors of another encoder mean something else, and a label that the head has
never seen would never be chosen. Either mismatch is refused in words, never used silently.

On disk a head is ``<question>.npz`` (arrays) and ``<question>.toml``, its card.
"""

import tomllib
import zipfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from balie.decisions.lexical import WIDTH, Terms
from balie.errors import ModelMismatch, ModelUnavailable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
"""The label that stands for everything outside what the vertical does."""

_LEXICAL = ("lexical", "rarity")


class Thresholds(msgspec.Struct, frozen=True):
    """Where a decision becomes safe: below ``confident`` ask, below ``inside`` it is out of scope."""

    confident: float
    inside: float


class Head:
    """One question's head: a softmax over linear scores of the message's vector and of its hashed n-grams.

    ``rows`` names the label of each row of weights. A label may have several rows, whose probabilities are
    added: what is out of scope is many things that have nothing in common. ``weights`` is
    ``[rows, dimensions]`` for the vector and ``bias`` ``[rows]``; ``lexical`` is ``[rows, WIDTH]`` for the
    n-grams, which ``rarity`` (``[WIDTH]``) weighs first; a head without them reads the vector alone. Scores
    are divided by ``temperature``.
    """

    def __init__(
        self,
        question: str,
        encoder: str,
        checksum: str,
        rows: Iterable[str],
        weights: "Floats",
        bias: "Floats",
        lexical: "Floats | None" = None,
        rarity: "Floats | None" = None,
        *,
        temperature: float = 1.0,
        thresholds: Thresholds,
    ) -> None:
        self.question = question
        self.encoder = encoder
        self.checksum = checksum
        self.rows = tuple(rows)
        self.labels = tuple(dict.fromkeys(self.rows))
        self.weights = weights
        self.bias = bias
        self.lexical = lexical
        self.rarity = rarity
        self.temperature = temperature
        self.thresholds = thresholds
        rows_there = len(self.rows)
        shapes = [weights.shape[:1], bias.shape]
        wanted: list[tuple[int, ...]] = [(rows_there,), (rows_there,)]
        if lexical is not None and rarity is not None:
            shapes += [lexical.shape, rarity.shape]
            wanted += [(rows_there, WIDTH), (WIDTH,)]
        if shapes != wanted or not temperature > 0 or not rows_there or (lexical is None) != (rarity is None):
            raise ModelUnavailable(
                f"The head {question} is not whole: {rows_there} rows, arrays {shapes},"
                f" temperature {temperature}."
            )
        self._row_labels = [self.labels.index(label) for label in self.rows]

    def probabilities(
        self,
        vectors: "Floats",
        terms: Sequence[Terms] | None = None,
        legal: Collection[str] | None = None,
    ) -> "Floats":
        """The probability of each label for each message: ``[n, labels]``.

        ``vectors`` (``[n, dimensions]``) are the encoder's for the :func:`~balie.decisions.lexical.prepared`
        messages, ``terms`` their hashed n-grams. Labels that are not in ``legal`` get zero, and the others
        sum to one. None means all are legal.

        Raises:
            ValueError: no label of this head is legal.
        """
        import numpy as np

        scores = self.scores(vectors, terms)
        if legal is not None:
            allowed = np.array([label in legal for label in self.rows])
            if not allowed.any():
                raise ValueError(f"None of the legal options is a label of the head {self.question}.")
            scores = np.where(allowed, scores, -np.inf)
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        by_label = np.zeros((len(scores), len(self.labels)), dtype=np.float32)
        for row, label in enumerate(self._row_labels):
            by_label[:, label] += powers[:, row]
        return np.asarray(by_label / by_label.sum(axis=1, keepdims=True), dtype=np.float32)

    def inside(self, vectors: "Floats", terms: Sequence[Terms] | None = None) -> "Floats":
        """How surely each message is one that the labels are about: ``[n]``, 1 is surely.

        It is 1 everywhere where the head knows no outside.
        """
        import numpy as np

        if OUT_OF_SCOPE not in self.labels:
            return np.ones(len(vectors), dtype=np.float32)
        found = self.probabilities(vectors, terms)
        return np.asarray(1 - found[:, self.labels.index(OUT_OF_SCOPE)], dtype=np.float32)

    def scores(self, vectors: "Floats", terms: Sequence[Terms] | None = None) -> "Floats":
        """What the softmax is taken of: ``[n, rows]``.

        Raises:
            ValueError: this head reads n-grams, and there are none for each vector.
        """
        import numpy as np

        scores = vectors @ self.weights.T + self.bias
        if self.lexical is None or self.rarity is None:
            return np.asarray(scores / np.float32(self.temperature), dtype=np.float32)
        if terms is None or len(terms) != len(vectors):
            raise ValueError(
                f"The head {self.question} reads the messages' n-grams too, one list for each vector."
            )
        for line, found in enumerate(terms):
            if not found:
                continue
            buckets = np.fromiter((bucket for bucket, _ in found), dtype=np.intp, count=len(found))
            weight = np.fromiter((value for _, value in found), dtype=np.float32, count=len(found))
            weight *= self.rarity[buckets]
            scores[line] += self.lexical[:, buckets] @ (weight / np.linalg.norm(weight))
        return np.asarray(scores / np.float32(self.temperature), dtype=np.float32)

    def save(self, folder: Path, card: str) -> Path:
        """Write ``<question>.npz`` and the card beside it into ``folder``; returns the former's path."""
        import numpy as np

        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.question}.npz"
        arrays: dict[str, Any] = {
            "rows": np.array(self.rows),
            "weights": self.weights.astype(np.float32),
            "bias": self.bias.astype(np.float32),
            "scalars": np.array([self.temperature, self.thresholds.confident, self.thresholds.inside]),
            "encoder": np.array([self.encoder, self.checksum]),
        }
        if self.lexical is not None and self.rarity is not None:
            # Half the size, and the fourth digit of a weight decides nothing.
            arrays |= {"lexical": self.lexical.astype(np.float16), "rarity": self.rarity.astype(np.float32)}
        np.savez_compressed(path, **arrays)
        path.with_suffix(".toml").write_text(card, encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> "Head":
        """Read a head.

        Raises:
            ModelUnavailable: the file is missing or is no head.
        """
        import numpy as np

        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                encoder, checksum = (str(text) for text in arrays["encoder"])
                temperature, confident, inside = (float(number) for number in arrays["scalars"])
                return cls(
                    path.stem,
                    encoder,
                    checksum,
                    (str(label) for label in arrays["rows"]),
                    np.asarray(arrays["weights"], dtype=np.float32),
                    np.asarray(arrays["bias"], dtype=np.float32),
                    *(np.asarray(arrays[key], dtype=np.float32) for key in _LEXICAL if key in arrays),
                    temperature=temperature,
                    thresholds=Thresholds(confident, inside),
                )
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelUnavailable(
                f"{path} can't be read as a head: {error}. Make it with `balie tune`."
            ) from error

    def check_encoder(self, name: str, checksum: str, dimensions: int, vertical: str) -> None:
        """Refuse an encoder that this head was not made for.

        Raises:
            ModelMismatch: another file, whatever its name.
        """
        if checksum != self.checksum or dimensions != self.weights.shape[1]:
            raise ModelMismatch(
                f"The head {self.question} of {vertical} was made for the encoder {self.encoder}"
                f" (sha256 {self.checksum[:12]}…), and {name} (sha256 {checksum[:12]}…) is loaded."
                f" Run `balie tune {vertical}`.",
                question=self.question,
                vertical=vertical,
            )

    def check_labels(self, commands: Collection[str], vertical: str) -> None:
        """Refuse a set of commands that this head was not made for; ``out_of_scope`` may be left unnamed.

        Raises:
            ModelMismatch: a command without a label, or a label without a command.
        """
        labels, wanted = set(self.labels) - {OUT_OF_SCOPE}, set(commands) - {OUT_OF_SCOPE}
        if labels == wanted:
            return
        missing, extra = sorted(wanted - labels), sorted(labels - wanted)
        parts = []
        if missing:
            parts.append(f"it does not know {', '.join(missing)}")
        if extra:
            parts.append(f"it knows {', '.join(extra)}, which {vertical} does not have")
        raise ModelMismatch(
            f"The head {self.question} of {vertical} was made for other commands: {'; '.join(parts)}."
            f" Put examples in examples.toml and run `balie tune {vertical}`.",
            question=self.question,
            vertical=vertical,
        )


def load_all(folder: Path) -> dict[str, Head]:
    """Every head in ``folder`` (``heads/<encoder name>``), by question.

    Raises:
        ModelUnavailable: one of them can't be read.
    """
    return {path.stem: Head.load(path) for path in sorted(folder.glob("*.npz"))}


def read_card(path: Path) -> dict[str, Any]:
    """The card beside a head."""
    return tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
