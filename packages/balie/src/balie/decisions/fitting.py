"""Fits the regularised logistic regression that a head is, on sentence vectors and n-grams together.

Needs SciPy, which the extra ``balie[tune]`` brings. The vectors are dense and the n-grams sparse; kept apart,
a step of the fit is some ten times as fast as with one matrix for both.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from balie.decisions.lexical import WIDTH, Terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_STEPS = 40  # twice as many change the held-out accuracy by less than a tenth of a percent
_MEMORY = 6  # earlier steps that are remembered
_ENOUGH = 1e-4  # of the decrease that the slope promises
_SHORTEST_STEP = 1e-6
LEXICAL_SHARE = 1.5
"""How long the n-grams' vector is beside the sentence's, whose length is one; 1 and 2 measured worse."""


class Features(NamedTuple):
    """``vectors`` ``[n, dimensions]`` and ``words`` (sparse, ``[n, WIDTH]``, rows of length 1.5)."""

    vectors: "Floats"
    words: Any

    def take(self, rows: "NDArray[np.intp]") -> "Features":
        """Some of the rows."""
        return Features(self.vectors[rows], self.words[rows])


class Weights(NamedTuple):
    """``[rows, dimensions]``, ``[rows, WIDTH]`` and ``[rows]``."""

    vectors: "Floats"
    words: "Floats"
    bias: "Floats"

    def scores(self, features: Features) -> "NDArray[np.float64]":
        """``[n, rows]``."""
        import numpy as np

        found = features.vectors @ self.vectors.T + features.words @ self.words.T + self.bias
        return np.asarray(found, dtype=np.float64)


def counted(terms: Sequence[Terms]) -> Any:
    """Hashed n-grams as a sparse matrix ``[n, WIDTH]``, not yet weighed."""
    import numpy as np
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(found) for found in terms)])
    buckets = np.fromiter(
        (bucket for found in terms for bucket, _ in found), dtype=np.int32, count=int(ends[-1])
    )
    values = np.fromiter(
        (value for found in terms for _, value in found), dtype=np.float32, count=int(ends[-1])
    )
    return csr_matrix((values, buckets, ends), shape=(len(terms), WIDTH))


def rarity_of(counts: Any) -> "Floats":
    """How telling each bucket is: ln((1 + n) / (1 + messages with it)) + 1."""
    import numpy as np

    messages = np.asarray((counts > 0).sum(axis=0), dtype=np.float64).ravel()
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + messages)) + 1, dtype=np.float32)


def weighed(counts: Any, rarity: "Floats") -> Any:
    """Counts times rarity, every row scaled to length 1.5."""
    import numpy as np
    from scipy.sparse import diags

    scaled = counts @ diags(rarity)
    length = np.sqrt(np.asarray(scaled.multiply(scaled).sum(axis=1)).ravel())
    return (diags(LEXICAL_SHARE / np.maximum(length, 1e-9)) @ scaled).astype(np.float32).tocsr()


def fit(
    features: Features, truth: "NDArray[np.intp]", rows: int, c: float, start: Weights | None = None
) -> Weights:
    """Multinomial logistic regression, L2 penalty 1/(2c), by L-BFGS; ``start`` is a solution nearby."""
    import numpy as np

    vectors, words = features
    dimensions, width = vectors.shape[1], words.shape[1]
    turned = words.T.tocsr()
    wanted = np.eye(rows, dtype=np.float32)[truth]
    penalty = np.float32(1 / c)

    def loss(w: "Floats") -> "tuple[float, Floats]":
        scores = vectors @ w[:dimensions] + words @ w[dimensions:-1] + w[-1]
        top = scores.max(axis=1, keepdims=True)
        powers = np.exp(scores - top)
        total = powers.sum(axis=1, keepdims=True)
        surprise = float(
            (np.log(total) + top).sum(dtype=np.float64) - (scores * wanted).sum(dtype=np.float64)
        )
        missed = powers / total - wanted
        gradient = np.empty_like(w)
        gradient[:dimensions] = vectors.T @ missed
        gradient[dimensions:-1] = turned @ missed
        gradient[:-1] += penalty * w[:-1]
        gradient[-1] = missed.sum(axis=0)
        return surprise + 0.5 / c * float(np.vdot(w[:-1], w[:-1])), gradient

    first = np.zeros((dimensions + width + 1, rows), dtype=np.float32)
    if start is not None:
        first[:] = np.concatenate([start.vectors.T, start.words.T, start.bias[None, :]])
    w = _minimum(loss, first).T
    return Weights(w[:, :dimensions].copy(), w[:, dimensions:-1].copy(), w[:, -1].copy())


def _minimum(loss: "Callable[[Floats], tuple[float, Floats]]", w: "Floats") -> "Floats":
    """Where a smooth convex loss is least, nearly: limited-memory BFGS, halving steps that don't help.

    SciPy's, made for bounds and in double precision, takes ten times as long as the loss itself here.
    Source: Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 3.1.
    """
    import numpy as np

    value, gradient = loss(w)
    moves: deque[tuple[Floats, Floats, float]] = deque(maxlen=_MEMORY)
    for _ in range(_STEPS):
        direction, along = -gradient, []
        for moved, turned, inverse in reversed(moves):
            along.append(inverse * float(np.vdot(moved, direction)))
            direction -= np.float32(along[-1]) * turned
        if moves:
            moved, turned, inverse = moves[-1]
            direction *= np.float32(1 / (inverse * float(np.vdot(turned, turned))))
        for moved, turned, inverse in moves:
            direction += np.float32(along.pop() - inverse * float(np.vdot(turned, direction))) * moved
        slope = float(np.vdot(direction, gradient))
        step = 1.0 if moves else 1 / max(1.0, float(np.sqrt(np.vdot(gradient, gradient))))
        while True:
            there = w + np.float32(step) * direction
            new_value, new_gradient = loss(there)
            if new_value <= value + _ENOUGH * step * slope:
                break
            step /= 2
            if step < _SHORTEST_STEP:  # as low as single precision gets
                return w
        moved, turned = there - w, new_gradient - gradient
        curved = float(np.vdot(moved, turned))
        if curved > 0:
            moves.append((moved, turned, 1 / curved))
        w, value, gradient = there, new_value, new_gradient
    return w
