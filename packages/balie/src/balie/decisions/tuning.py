"""Makes heads out of examples: what ``balie tune`` does.

Per question: regularised logistic regression on sentence vectors and n-grams, its strength chosen and its
figures taken in stratified five-fold cross-validation, its temperature and thresholds fitted on the held-out
scores. What is out of scope is split into a few facets first, since one linear boundary can't enclose things
that have nothing in common. The same examples make the same head.
"""

import asyncio
import hashlib
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

import msgspec

from balie.decisions import calibration, fitting, lexical
from balie.decisions.cards import Card
from balie.decisions.figures import FOLDS, Figures, Held
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

LEAST_EXAMPLES = FOLDS
_STRENGTHS = (6.0, 15.0, 40.0)
_FACETS = 6
_EXAMPLES_A_FACET = 10
_EMBEDDED_AT_ONCE = 128
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


async def tune(
    examples: Examples, encoder: Encoder, out: Path, progress: Progress | None = None
) -> list[Card]:
    """Make a head and its card for each question, in ``out/<encoder name>/``.

    Raises:
        ConfigError: the extra balie[tune] is not installed, a label has too few examples, or a sentence
            stands under two labels of one question.
    """
    if find_spec("sklearn") is None or find_spec("scipy") is None:
        raise ConfigError("Making heads needs scikit-learn: install balie[tune] (pip install 'balie[tune]').")
    wanted = {question: _cleaned(question, labels) for question, labels in examples.items()}
    texts = list(
        dict.fromkeys(text for labels in wanted.values() for each in labels.values() for text in each)
    )
    embeddings = -(-len(texts) // _EMBEDDED_AT_ONCE)
    total = embeddings + len(wanted) * (2 * (FOLDS - 1 + len(_STRENGTHS)) + 1)
    loop, done = asyncio.get_running_loop(), 0

    def step(what: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, what)

    def told(what: str) -> None:
        loop.call_soon_threadsafe(step, what)

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
        head, card = await asyncio.to_thread(one.tune, encoder.name, encoder.checksum, told)
        await asyncio.to_thread(head.save, out / encoder.name, card.to_toml())
        cards.append(card)
    return cards


class _Question:
    """One question's examples, and the way from them to a head."""

    def __init__(
        self,
        name: str,
        labels: Mapping[str, Sequence[str]],
        vectors: "NDArray[np.float32]",
        terms: list[lexical.Terms],
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
        """Make the head and its card, one fold a core: two threads on one matrix product would only wait."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            return self._tune(encoder, checksum, step)

    def _tune(self, encoder: str, checksum: str, step: Callable[[str], None]) -> tuple[Head, Card]:
        begun = perf_counter()
        folds, figures = self._folds(), Figures(self.labels, self.truth, self.outside)
        c, held = self._best(folds, self.vectors, lambda: step(f"{self.name}: cross-validation"))
        _, plain = self._best(folds, self.vectors[:, :0], lambda: step(f"{self.name}: TF-IDF beside it"))
        temperature = calibration.fit_temperature(held.rows, held.label_of, self.truth)
        found = calibration.label_probabilities(held.rows, held.label_of, temperature)
        thresholds = figures.thresholds(found)
        head = self._final(encoder, checksum, c, temperature, thresholds)
        step(f"{self.name}: the head")
        before = calibration.label_probabilities(held.rows, held.label_of)
        honest = figures.cross_fitted(held)
        accuracy, coverage = figures.when_confident(honest, held.fold)
        card = Card(
            question=self.name,
            encoder=encoder,
            encoder_sha256=checksum,
            examples={label: len(each) for label, each in self.examples.items()},
            examples_sha256=hashlib.sha256(msgspec.json.encode(self.examples)).hexdigest(),
            folds=folds.max().item() + 1,
            c=c,
            temperature=round(temperature, 4),
            accuracy=round(figures.accuracy(honest), 4),
            accuracy_all=round(figures.accuracy_all(honest), 4),
            macro_f1=round(figures.macro_f1(honest), 4),
            calibration_error_before=round(figures.calibration_error(before), 4),
            calibration_error=round(figures.calibration_error(honest), 4),
            threshold_confident=round(thresholds.confident, 4),
            threshold_inside=round(thresholds.inside, 4),
            confident_accuracy=round(accuracy, 4),
            confident_coverage=round(coverage, 4),
            outside=figures.outside_figures(honest, held.fold),
            baseline=figures.baseline(plain),
            confusions=figures.confusions(honest),
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
    ) -> tuple[float, Held]:
        """The regularisation that suits the first fold best, and the held-out scores of all folds with it."""
        import numpy as np

        label_of = self._facets(np.arange(len(folds)))[1]
        scores = np.zeros((len(folds), len(label_of)))

        def run(fold: int, strengths: Sequence[float]) -> "list[Floats]":
            train, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            targets, _ = self._facets(train)
            features = Features(vectors, fitting.weighed(self.counts, fitting.rarity_of(self.counts[train])))
            learned, asked, weights = features.take(train), features.take(held), None
            found = []
            for c in strengths:
                weights = fitting.fit(learned, targets, len(label_of), c, weights)
                found.append(weights.scores(asked))
                step()
            return found

        def missed(found: "Floats") -> float:
            truth = self.truth[folds == 0]
            temperature = calibration.fit_temperature(found, label_of, truth)
            return calibration.surprise(calibration.label_probabilities(found, label_of, temperature), truth)

        first = run(0, _STRENGTHS)
        best = min(range(len(first)), key=lambda index: missed(first[index]))
        scores[folds == 0] = first[best]
        with ThreadPoolExecutor(min(FOLDS - 1, os.cpu_count() or 1)) as pool:
            rest = pool.map(lambda fold: run(fold, [_STRENGTHS[best]])[0], range(1, FOLDS))
        for fold, found in enumerate(rest, 1):
            scores[folds == fold] = found
        return _STRENGTHS[best], Held(scores, label_of, folds)

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
        weights = fitting.fit(
            Features(self.vectors, fitting.weighed(self.counts, rarity)), targets, len(label_of), c
        )
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


def _cleaned(question: str, labels: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The examples without repetitions.

    Raises:
        ConfigError: fewer than two labels, too few examples of one, or one under two labels.
    """
    if len(labels) < 2:
        raise ConfigError(
            f"The question {question} has {len(labels)} labels in the examples; it needs two or more."
        )
    seen: dict[str, str] = {}
    cleaned: dict[str, list[str]] = {}
    for label, phrases in labels.items():
        unique = list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
        unique = [phrase for phrase in unique if phrase]
        if len(unique) < LEAST_EXAMPLES:
            raise ConfigError(
                f"{question}.{label} has {len(unique)} examples; it needs at least {LEAST_EXAMPLES}.",
                label=label,
            )
        for phrase in unique:
            if (other := seen.setdefault(phrase.casefold(), label)) != label:
                raise ConfigError(f"“{phrase}” stands under {question}.{other} and under {question}.{label}.")
        cleaned[label] = unique
    return cleaned
