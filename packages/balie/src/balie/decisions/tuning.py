"""Makes heads out of examples: what ``balie tune`` does.

Per question: regularised logistic regression on sentence vectors and n-grams, its strength chosen and its
figures taken in stratified five-fold cross-validation, its temperature and thresholds fitted on the held-out
scores. What is out of scope is split into a few facets first, since one linear boundary can't enclose things
that have nothing in common. The same examples make the same head.
"""

import asyncio
import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from balie.decisions import calibration, fitting, lexical
from balie.decisions.cards import Baseline, Card, Confusion, Outside
from balie.decisions.fitting import Features
from balie.decisions.heads import OUT_OF_SCOPE, Head, Thresholds
from balie.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

Examples = Mapping[str, Mapping[str, Sequence[str]]]
"""Question → label → how people say it."""
Progress = Callable[[int, int, str], None]
"""Called with steps done, steps in all, and what is being done; from the event loop's thread."""

FOLDS = 5
LEAST_EXAMPLES = FOLDS
REJECTED_AT_MOST = 0.045
"""Of what is in scope; a little under the 5% that are allowed, since it is measured on other examples."""
CONFIDENT_ACCURACY = 0.97
_STRENGTHS = (6.0, 15.0, 40.0)
_FACETS = 6
_EXAMPLES_A_FACET = 10
_EMBEDDED_AT_ONCE = 128
_TOLD_CONFUSIONS = 12
_SEED = 0


class Encoder(Protocol):
    """What tuning needs of an encoder."""

    name: str

    @property
    def checksum(self) -> str:
        """The sha256 of its weights."""
        ...

    async def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Unit vectors."""
        ...


class _Held(NamedTuple):
    """Held-out scores: ``rows`` ``[n, rows]``, ``label_of`` each row's label, ``fold`` each example's."""

    rows: "Floats"
    label_of: "Indices"
    fold: "Indices"


async def tune(examples: Examples, encoder: Encoder, out: Path, progress: Progress | None = None) -> list[Card]:
    """Make a head and its card for each question, in ``out/<encoder name>/``.

    Raises:
        ConfigError: the extra balie[tune] is not installed, a label has too few examples, or a sentence
            stands under two labels of one question.
    """
    if find_spec("sklearn") is None or find_spec("scipy") is None:
        raise ConfigError("Making heads needs scikit-learn: install balie[tune] (pip install 'balie[tune]').")
    wanted = {question: _cleaned(question, labels) for question, labels in examples.items()}
    texts = list(dict.fromkeys(text for labels in wanted.values() for each in labels.values() for text in each))
    embeddings = -(-len(texts) // _EMBEDDED_AT_ONCE)
    total = embeddings + len(wanted) * (2 * FOLDS * len(_STRENGTHS) + 1)
    loop, done = asyncio.get_running_loop(), 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, what)

    import numpy as np

    parts = []
    for begin in range(0, len(texts), _EMBEDDED_AT_ONCE):
        chunk = texts[begin : begin + _EMBEDDED_AT_ONCE]
        parts.append(await encoder.embed([lexical.prepared(text) for text in chunk]))
        step(f"reading {len(texts)} examples")
    vectors, terms = np.concatenate(parts), lexical.all_terms(texts)
    place = {text: row for row, text in enumerate(texts)}
    cards = []
    for question, labels in wanted.items():
        rows = np.array([place[text] for each in labels.values() for text in each])
        one = _Question(question, labels, vectors[rows], [terms[row] for row in rows])
        head, card = await asyncio.to_thread(
            one.tune, encoder.name, encoder.checksum, lambda what: loop.call_soon_threadsafe(step, what)
        )
        await asyncio.to_thread(head.save, out / encoder.name, card.to_toml())
        cards.append(card)
    return cards


class _Question:
    """One question's examples, and the way from them to a head."""

    def __init__(
        self, name: str, labels: Mapping[str, Sequence[str]], vectors: "NDArray[np.float32]", terms: list[lexical.Terms]
    ) -> None:
        import numpy as np

        self.name = name
        self.examples = labels
        self.labels = list(labels)
        self.vectors = vectors
        self.counts = fitting.counted(terms)
        self.truth = np.repeat(np.arange(len(labels)), [len(each) for each in labels.values()])
        self.outside = self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None

    def tune(self, encoder: str, checksum: str, step: Callable[[str], None]) -> tuple[Head, Card]:
        begun = perf_counter()
        folds = self._folds()
        c, held = self._best(folds, self.vectors, lambda: step(f"{self.name}: cross-validation"))
        _, plain = self._best(folds, self.vectors[:, :0], lambda: step(f"{self.name}: TF-IDF beside it"))
        temperature = calibration.fit_temperature(held.rows, held.label_of, self.truth)
        found = calibration.label_probabilities(held.rows, held.label_of, temperature)
        thresholds = Thresholds(self._confident(found), self._inside_threshold(found))
        head = self._final(encoder, checksum, c, temperature, thresholds)
        step(f"{self.name}: the head")
        before = calibration.label_probabilities(held.rows, held.label_of)
        honest = self._cross_fitted(held)
        accuracy, coverage = self._when_confident(honest, held.fold)
        card = Card(
            question=self.name,
            encoder=encoder,
            encoder_sha256=checksum,
            examples={label: len(each) for label, each in self.examples.items()},
            examples_sha256=hashlib.sha256(msgspec.json.encode(self.examples)).hexdigest(),
            folds=folds.max().item() + 1,
            c=c,
            temperature=round(temperature, 4),
            accuracy=round(self._accuracy_inside(honest), 4),
            accuracy_all=round(float((honest.argmax(axis=1) == self.truth).mean()), 4),
            macro_f1=round(self._macro_f1(honest), 4),
            calibration_error_before=round(self._calibration_error(before), 4),
            calibration_error=round(self._calibration_error(honest), 4),
            threshold_confident=round(thresholds.confident, 4),
            threshold_inside=round(thresholds.inside, 4),
            confident_accuracy=round(accuracy, 4),
            confident_coverage=round(coverage, 4),
            outside=self._outside_figures(honest, held.fold),
            baseline=self._baseline(plain),
            confusions=self._confusions(honest),
            made_with={
                "python": platform.python_version(),
                **{package: version(package) for package in ("numpy", "scipy", "scikit-learn")},
            },
            seconds=round(perf_counter() - begun, 2),
        )
        return head, card

    def _folds(self) -> "Indices":
        """Each example's fold, every label spread evenly."""
        import numpy as np
        from sklearn.model_selection import StratifiedKFold

        fold = np.zeros(len(self.truth), dtype=np.intp)
        splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED)
        for number, (_, held) in enumerate(splitter.split(self.vectors, self.truth)):
            fold[held] = number
        return fold

    def _best(
        self, folds: "Indices", vectors: "NDArray[np.float32]", step: Callable[[], None]
    ) -> tuple[float, _Held]:
        """The regularisation under which the held-out truth is least surprising, and its held-out scores."""
        import numpy as np

        scores: dict[float, Floats] = {}
        label_of = np.arange(len(self.labels))
        for fold in range(FOLDS):
            train, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            targets, label_of = self._facets(train)
            features = Features(vectors, fitting.weighed(self.counts, fitting.rarity_of(self.counts[train])))
            learned, asked, weights = features.take(train), features.take(held), None
            for c in _STRENGTHS:
                weights = fitting.fit(learned, targets, len(label_of), c, weights)
                scores.setdefault(c, np.zeros((len(folds), len(label_of))))[held] = weights.scores(asked)
                step()

        def missed(c: float) -> float:
            temperature = calibration.fit_temperature(scores[c], label_of, self.truth)
            return calibration.surprise(
                calibration.label_probabilities(scores[c], label_of, temperature), self.truth
            )

        best = min(_STRENGTHS, key=missed)
        return best, _Held(scores[best], label_of, folds)

    def _facets(self, train: "Indices") -> "tuple[Indices, Indices]":
        """The training examples' rows, and each row's label: what is out of scope gets several."""
        import numpy as np

        targets, label_of = self.truth[train].copy(), np.arange(len(self.labels))
        if self.outside is None:
            return targets, label_of
        outside = targets == self.outside
        # Counted over all examples, so that every fold has the same number of rows.
        count = min(_FACETS, int((self.truth == self.outside).sum()) // _EXAMPLES_A_FACET)
        if count > 1:
            from sklearn.cluster import KMeans

            facet = KMeans(count, n_init=2, random_state=_SEED).fit(self.vectors[train][outside]).labels_
            targets[outside] = np.where(facet == 0, self.outside, len(self.labels) - 1 + facet)
            label_of = np.concatenate([label_of, np.full(count - 1, self.outside)])
        return targets, label_of

    def _final(
        self, encoder: str, checksum: str, c: float, temperature: float, thresholds: Thresholds
    ) -> Head:
        """The head, learned from every example."""
        import numpy as np

        targets, label_of = self._facets(np.arange(len(self.truth)))
        rarity = fitting.rarity_of(self.counts)
        weights = fitting.fit(Features(self.vectors, fitting.weighed(self.counts, rarity)), targets, len(label_of), c)
        return Head(
            self.name,
            encoder,
            checksum,
            [self.labels[label] for label in label_of],
            weights.vectors,
            weights.bias,
            weights.words * np.float32(fitting.LEXICAL_SHARE),
            rarity,
            temperature=temperature,
            thresholds=thresholds,
        )

    def _cross_fitted(self, held: _Held) -> "Floats":
        """Held-out probabilities, each fold's with a temperature that the other folds chose."""
        import numpy as np

        found = np.zeros((len(self.truth), len(self.labels)))
        for fold in range(FOLDS):
            others, here = held.fold != fold, held.fold == fold
            temperature = calibration.fit_temperature(held.rows[others], held.label_of, self.truth[others])
            found[here] = calibration.label_probabilities(held.rows[here], held.label_of, temperature)
        return found

    def _is_inside(self) -> "NDArray[np.bool_]":
        import numpy as np

        return np.asarray(self.truth != (-1 if self.outside is None else self.outside))

    def _inside_threshold(self, found: "Floats", among: "NDArray[np.bool_] | None" = None) -> float:
        """The ``inside`` score below which a message is taken to be out of scope; 0 where nothing is."""
        if self.outside is None:
            return 0.0
        chosen = self._is_inside() if among is None else self._is_inside() & among
        return calibration.rejection_threshold(1 - found[chosen, self.outside], REJECTED_AT_MOST)

    def _among_inside(self, found: "Floats") -> "Floats":
        """The probabilities of what is in scope alone, adding up to one."""
        if self.outside is None:
            return found
        kept = found.copy()
        kept[:, self.outside] = 0
        return kept / kept.sum(axis=1, keepdims=True).clip(1e-12)

    def _accuracy_inside(self, found: "Floats") -> float:
        right = self._among_inside(found).argmax(axis=1) == self.truth
        return float(right[self._is_inside()].mean())

    def _calibration_error(self, found: "Floats") -> float:
        return calibration.calibration_error(found.max(axis=1), found.argmax(axis=1) == self.truth)

    def _macro_f1(self, found: "Floats") -> float:
        from sklearn.metrics import f1_score

        return float(f1_score(self.truth, found.argmax(axis=1), average="macro"))

    def _accepted(self, found: "Floats", inside: float) -> "tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]":
        """Certainty and rightness among what is in scope, and which messages are not taken for out of scope."""
        import numpy as np

        among = self._among_inside(found)
        kept = np.ones(len(found), dtype=bool) if self.outside is None else 1 - found[:, self.outside] >= inside
        return among.max(axis=1), among.argmax(axis=1) == self.truth, kept

    def _confident(self, found: "Floats", among: "NDArray[np.bool_] | None" = None) -> float:
        certainty, right, kept = self._accepted(found, self._inside_threshold(found, among))
        chosen = kept if among is None else kept & among
        return calibration.confidence_threshold(certainty[chosen], right[chosen], CONFIDENT_ACCURACY)

    def _when_confident(self, found: "Floats", folds: "Indices") -> tuple[float, float]:
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

    def _outside_figures(self, found: "Floats", folds: "Indices") -> Outside | None:
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

    def _baseline(self, held: _Held) -> Baseline:
        found = self._cross_fitted(held)
        return Baseline(
            round(self._accuracy_inside(found), 4),
            round(float((found.argmax(axis=1) == self.truth).mean()), 4),
            self._outside_figures(found, held.fold),
        )

    def _confusions(self, found: "Floats") -> list[Confusion]:
        """The commonest mistakes first."""
        pairs = zip(self.truth.tolist(), found.argmax(axis=1).tolist(), strict=True)
        counted = Counter((self.labels[true], self.labels[said]) for true, said in pairs if true != said)
        worst = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOLD_CONFUSIONS]
        return [Confusion(label, taken_for, count) for (label, taken_for), count in worst]


def _cleaned(question: str, labels: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The examples without repetitions.

    Raises:
        ConfigError: fewer than two labels, too few examples of one, or one under two labels.
    """
    if len(labels) < 2:
        raise ConfigError(f"The question {question} has {len(labels)} labels in the examples; it needs two or more.")
    seen: dict[str, str] = {}
    cleaned: dict[str, list[str]] = {}
    for label, phrases in labels.items():
        unique = list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
        unique = [phrase for phrase in unique if phrase]
        if len(unique) < LEAST_EXAMPLES:
            raise ConfigError(
                f"{question}.{label} has {len(unique)} examples; it needs at least {LEAST_EXAMPLES}.", label=label
            )
        for phrase in unique:
            if (other := seen.setdefault(phrase.casefold(), label)) != label:
                raise ConfigError(f"“{phrase}” stands under {question}.{other} and under {question}.{label}.")
        cleaned[label] = unique
    return cleaned
