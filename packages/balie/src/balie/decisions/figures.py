"""A head's figures on held-out folds, every threshold chosen on other folds than it is measured on."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from balie.decisions import calibration
from balie.decisions.cards import Baseline, Confusion, Outside
from balie.decisions.heads import Thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Flags = NDArray[np.bool_]

FOLDS = 5
REJECTED_AT_MOST = 0.045
"""Of what is in scope; a little under the 5% that are allowed, since it is measured on other examples."""
CONFIDENT_ACCURACY = 0.97
_TOLD_CONFUSIONS = 12


class Held(NamedTuple):
    """Held-out scores: ``rows`` ``[n, rows]``, ``label_of`` each row's label, ``fold`` each example's."""

    rows: "Floats"
    label_of: "Indices"
    fold: "Indices"


class Figures:
    """What can be said of one question's held-out probabilities ``[n, labels]`` (``found``).

    ``truth`` is each example's label by its place in ``labels``; ``outside`` the place of out_of_scope.
    """

    def __init__(self, labels: Sequence[str], truth: "Indices", outside: int | None) -> None:
        self.labels = labels
        self.truth = truth
        self.outside = outside

    def cross_fitted(self, held: Held) -> "Floats":
        """Held-out probabilities, each fold's with a temperature that the other folds chose."""
        import numpy as np

        found = np.zeros((len(self.truth), len(self.labels)))
        for fold in range(FOLDS):
            others, here = held.fold != fold, held.fold == fold
            temperature = calibration.fit_temperature(held.rows[others], held.label_of, self.truth[others])
            found[here] = calibration.label_probabilities(held.rows[here], held.label_of, temperature)
        return found

    def thresholds(self, found: "Floats") -> Thresholds:
        """Where answers are confident and messages inside, over all folds."""
        return Thresholds(self._confident(found), self._inside_threshold(found))

    def _is_inside(self) -> "Flags":
        import numpy as np

        return np.asarray(self.truth != (-1 if self.outside is None else self.outside))

    def _inside_threshold(self, found: "Floats", among: "Flags | None" = None) -> float:
        """The ``inside`` score below which a message is taken to be out of scope; 0 where nothing is."""
        if self.outside is None:
            return 0.0
        chosen = self._is_inside() if among is None else self._is_inside() & among
        return calibration.rejection_threshold(1 - found[chosen, self.outside], REJECTED_AT_MOST)

    def _among_inside(self, found: "Floats") -> "Floats":
        """The probabilities of what is in scope alone, adding up to one."""
        import numpy as np

        if self.outside is None:
            return found
        kept = found.copy()
        kept[:, self.outside] = 0
        return np.asarray(kept / kept.sum(axis=1, keepdims=True).clip(1e-12))

    def accuracy(self, found: "Floats") -> float:
        """Over what is in scope, among the labels that are."""
        right = self._among_inside(found).argmax(axis=1) == self.truth
        return float(right[self._is_inside()].mean())

    def accuracy_all(self, found: "Floats") -> float:
        """Over everything, out of scope being a label like the others."""
        return float((found.argmax(axis=1) == self.truth).mean())

    def calibration_error(self, found: "Floats") -> float:
        """How far probabilities are from what they say."""
        return calibration.calibration_error(found.max(axis=1), found.argmax(axis=1) == self.truth)

    def macro_f1(self, found: "Floats") -> float:
        """The labels' F1 scores, each label counting the same."""
        from sklearn.metrics import f1_score

        return float(f1_score(self.truth, found.argmax(axis=1), average="macro"))

    def _accepted(self, found: "Floats", inside: float) -> "tuple[Floats, Flags, Flags]":
        """Certainty and rightness among what is in scope, and which messages are not rejected."""
        import numpy as np

        among = self._among_inside(found)
        kept = (
            np.ones(len(found), dtype=bool) if self.outside is None else 1 - found[:, self.outside] >= inside
        )
        return among.max(axis=1), among.argmax(axis=1) == self.truth, kept

    def _confident(self, found: "Floats", among: "Flags | None" = None) -> float:
        certainty, right, kept = self._accepted(found, self._inside_threshold(found, among))
        chosen = kept if among is None else kept & among
        return calibration.confidence_threshold(certainty[chosen], right[chosen], CONFIDENT_ACCURACY)

    def when_confident(self, found: "Floats", folds: "Indices") -> tuple[float, float]:
        """Accuracy and coverage of confident answers, each fold's thresholds chosen on the others."""
        import numpy as np

        answered = np.zeros(len(found), dtype=bool)
        right_all = np.zeros(len(found), dtype=bool)
        for fold in range(FOLDS):
            others, here = folds != fold, folds == fold
            certainty, right, kept = self._accepted(found, self._inside_threshold(found, others))
            answered[here] = (kept & (certainty >= self._confident(found, others)))[here]
            right_all[here] = right[here]
        accuracy = float(right_all[answered].mean()) if answered.any() else 0.0
        return accuracy, float(answered[self._is_inside()].mean())

    def outside_figures(self, found: "Floats", folds: "Indices") -> Outside | None:
        """Recall and false rejection, each fold's threshold chosen on the others."""
        import numpy as np

        if self.outside is None:
            return None
        rejected = np.zeros(len(found), dtype=bool)
        for fold in range(FOLDS):
            here = folds == fold
            rejected[here] = (1 - found[:, self.outside] < self._inside_threshold(found, ~here))[here]
        inside = self._is_inside()
        return Outside(round(float(rejected[~inside].mean()), 4), round(float(rejected[inside].mean()), 4))

    def baseline(self, held: Held) -> Baseline:
        """The figures of a simpler head on the same folds."""
        found = self.cross_fitted(held)
        return Baseline(
            round(self.accuracy(found), 4),
            round(self.accuracy_all(found), 4),
            self.outside_figures(found, held.fold),
        )

    def confusions(self, found: "Floats") -> list[Confusion]:
        """The commonest mistakes first."""
        pairs = zip(self.truth.tolist(), found.argmax(axis=1).tolist(), strict=True)
        counted = Counter((self.labels[true], self.labels[said]) for true, said in pairs if true != said)
        worst = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOLD_CONFUSIONS]
        return [Confusion(label, taken_for, count) for (label, taken_for), count in worst]
