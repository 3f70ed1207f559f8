from uuid import UUID

import pytest
from balie.agent import Status, Turn
from balie.agent.turn import Latency
from balie.scenarios import Mismatch, Outcome, percentile, summarise, wilson
from balie.scenarios.judging import Score
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    # Worked out by hand from the formula of Wilson's 1927 paper.
    ("right", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 84, 0.9002, 0.9878)],
)
def test_wilson(right, of, low, high):
    interval = wilson(right, of)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-4)
    assert interval.share == right / of


def test_wilson_of_nothing_knows_nothing():
    interval = wilson(0, 0)
    assert (interval.low, interval.high, interval.of) == (0.0, 1.0, 0)


@given(st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_its_share_and_stays_in_range(counts):
    interval = wilson(*counts)
    assert 0 <= interval.low <= interval.share <= interval.high <= 1


def test_percentile_is_a_value_that_was_measured():
    assert percentile([3, 1, 2], 50) == 2
    assert percentile([4, 1, 2, 3], 50) == 2
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([7], 95) == 7
    assert percentile([], 95) == 0


def turn(understand, total, model="head"):
    return Turn(
        conversation=UUID(int=1),
        turn=1,
        status=Status.ANSWERED,
        reply="",
        agent="service",
        model=model,
        latency_ms=Latency(understand, 0, 0, 0, total),
    )


def test_outcomes_together():
    good = Outcome(id="good", turns=[turn(5, 10), turn(0.1, 2, model="")], score=Score(3, 3, 2, 2))
    bad = Outcome(
        id="bad",
        turns=[turn(9, 20), None, turn(0, 0, model="")],
        mismatches=[
            Mismatch(1, "hi", "status", "done", "refused"),
            Mismatch(None, "", "SELECT 1", [[1]], []),
        ],
        score=Score(1, 0, 2, 1),
        unsafe_writes=1,
    )
    summary = summarise("customer-service", "head", [good, bad])
    assert (summary.scenarios.right, summary.scenarios.of) == (1, 2)
    assert (summary.tools.right, summary.tools.of) == (3, 4)
    assert (summary.arguments.right, summary.arguments.of) == (3, 4)
    assert summary.unsafe_writes == 1
    assert (summary.understand_ms.count, summary.understand_ms.median, summary.understand_ms.p95) == (2, 5, 9)
    assert (summary.turn_ms.count, summary.turn_ms.median, summary.turn_ms.p95) == (3, 10, 20)
    (failure,) = summary.failures
    assert failure.id == "bad"
    assert failure.mismatches == (
        "turn 1 ('hi'): status: expected 'done', got 'refused'",
        "afterwards: SELECT 1: expected [[1]], got []",
    )
