"""Temperatures, reliability and thresholds."""

import numpy as np
import pytest
from balie.decisions import calibration
from hypothesis import given, settings
from hypothesis import strategies as st


def drawn(temperature: float, count: int = 4000, labels: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Scores that are ``temperature`` times too large, and truths drawn as the right scores have it."""
    random = np.random.default_rng(7)
    right = random.normal(size=(count, labels)) * 2
    odds = np.exp(right) / np.exp(right).sum(axis=1, keepdims=True)
    truth = (odds.cumsum(axis=1) > random.random((count, 1))).argmax(axis=1)
    return right * temperature, truth


@settings(max_examples=15)
@given(st.floats(0.2, 5))
def test_the_temperature_that_was_put_in_is_found(temperature: float) -> None:
    scores, truth = drawn(temperature)
    found = calibration.fit_temperature(scores, np.arange(scores.shape[1]), truth)
    assert found == pytest.approx(temperature, rel=0.1)


def test_calibrated_probabilities_mean_what_they_say() -> None:
    scores, truth = drawn(3.0)
    labels = np.arange(scores.shape[1])

    def error(temperature: float) -> float:
        found = calibration.label_probabilities(scores, labels, temperature)
        return calibration.calibration_error(found.max(axis=1), found.argmax(axis=1) == truth)

    assert error(1.0) > 0.1
    assert error(calibration.fit_temperature(scores, labels, truth)) < 0.03


def test_rows_of_one_label_are_added() -> None:
    found = calibration.label_probabilities(np.zeros((1, 4)), np.array([0, 1, 2, 2]))
    assert found.tolist() == [[0.25, 0.25, 0.5]]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200), st.floats(0.01, 0.5))
def test_no_more_than_the_allowed_share_is_rejected(scores: list[float], share: float) -> None:
    inside = np.array(scores)
    threshold = calibration.rejection_threshold(inside, share)
    assert (inside < threshold).mean() <= share


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=200))
def test_from_the_confident_threshold_on_answers_are_right_often_enough(
    pairs: list[tuple[float, bool]],
) -> None:
    confidence, right = np.array([c for c, _ in pairs]), np.array([r for _, r in pairs])
    threshold = calibration.confidence_threshold(confidence, right, 0.9)
    accepted = confidence >= threshold
    if threshold < 1:
        assert right[accepted].mean() >= 0.9


def test_where_nothing_is_right_nothing_is_confident() -> None:
    assert calibration.confidence_threshold(np.array([0.9, 0.8]), np.array([False, False]), 0.97) == 1.0
