"""Calibration: making a probability mean what it says, and choosing where a decision becomes safe.

Everything here is fed with scores of held-out folds: examples that the head which scored them never saw.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BINS = 15
_LOWEST, _HIGHEST = 0.05, 20.0  # temperatures that are tried
_STEPS = 24  # each narrows the interval by a third; 24 give three digits
_LEAST = 1e-12


def label_probabilities(scores: "Floats", label_of: "NDArray[np.intp]", temperature: float = 1.0) -> "Floats":
    """Probabilities ``[n, labels]`` from scores ``[n, rows]``; ``label_of`` is each row's label."""
    import numpy as np

    scaled = scores / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    by_label = np.zeros((len(scores), int(label_of.max()) + 1))
    for row, label in enumerate(label_of):
        by_label[:, label] += powers[:, row]
    return np.asarray(by_label / by_label.sum(axis=1, keepdims=True))


def surprise(probabilities: "Floats", truth: "NDArray[np.intp]") -> float:
    """The mean negative log-likelihood of the true labels."""
    import numpy as np

    true = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(true, _LEAST)).mean())


def fit_temperature(scores: "Floats", label_of: "NDArray[np.intp]", truth: "NDArray[np.intp]") -> float:
    """The temperature with which the true labels are least surprising.

    Found by golden-section search over its logarithm; the likelihood has one peak in it.
    Source: Guo et al., On Calibration of Modern Neural Networks, 2017.
    """
    import numpy as np

    def at(log_temperature: float) -> float:
        return surprise(label_probabilities(scores, label_of, float(np.exp(log_temperature))), truth)

    low, high = float(np.log(_LOWEST)), float(np.log(_HIGHEST))
    golden = (5**0.5 - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = at(left), at(right)
    for _ in range(_STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = at(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = at(right)
    return float(np.exp((low + high) / 2))


def calibration_error(confidence: "Floats", right: "NDArray[np.bool_]") -> float:
    """The expected calibration error: how far accuracy is from confidence, over 15 bins of equal width."""
    import numpy as np

    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for one in range(_BINS):
        held = bins == one
        if held.any():
            error += held.mean() * abs(confidence[held].mean() - right[held].mean())
    return float(error)


def rejection_threshold(inside: "Floats", rejected_at_most: float) -> float:
    """The highest threshold that at most that share of what belongs inside lies under."""
    import numpy as np

    ordered = np.sort(inside)
    return float(ordered[int(np.floor(rejected_at_most * len(ordered)))])


def confidence_threshold(confidence: "Floats", right: "NDArray[np.bool_]", accuracy: float) -> float:
    """The lowest confidence from which on answers are right at least at that rate; 1 where there is none."""
    import numpy as np

    order = np.argsort(-confidence, kind="stable")
    ordered = confidence[order]
    rate = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Answers of the same confidence come in together, so only the last of them can be a threshold.
    last = np.append(ordered[1:] != ordered[:-1], True)
    good = np.flatnonzero((rate >= accuracy) & last)
    return float(ordered[good[-1]]) if len(good) else 1.0
