"""What many outcomes come to: shares with their intervals, and times."""

import math
from collections.abc import Sequence

import msgspec

from balie.scenarios.play import Outcome

_Z_95 = 1.959963984540054


class Interval(msgspec.Struct, frozen=True):
    """A share of ``of``, with the range in which the true one lies with 95% confidence (all in [0, 1])."""

    right: int
    of: int
    share: float
    low: float
    high: float


class Times(msgspec.Struct, frozen=True):
    """Milliseconds; ``count`` of how many."""

    count: int
    median: float
    p95: float


class Failure(msgspec.Struct, frozen=True):
    """A scenario that did not pass, and every thing in it that was not as expected."""

    id: str
    mismatches: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What ``balie eval`` reports."""

    vertical: str
    model: str
    scenarios: Interval
    tools: Interval
    arguments: Interval
    unsafe_writes: int
    understand_ms: Times
    turn_ms: Times
    failures: tuple[Failure, ...] = ()


def wilson(right: int, of: int) -> Interval:
    """A share with its 95% Wilson score interval (E. B. Wilson, 1927), which never leaves [0, 1]."""
    if of == 0:
        return Interval(0, 0, 0.0, 0.0, 1.0)
    share, z2 = right / of, _Z_95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z_95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    # At the ends the formula gives 0 and 1 up to rounding.
    low = 0.0 if right == 0 else middle - half
    high = 1.0 if right == of else middle + half
    return Interval(right, of, share, low, high)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least ``percent`` of them do not exceed (nearest rank); 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def times(values: Sequence[float]) -> Times:
    """Median and 95th percentile of milliseconds."""
    return Times(len(values), round(percentile(values, 50), 2), round(percentile(values, 95), 2))


def summarise(vertical: str, model: str, outcomes: Sequence[Outcome]) -> Summary:
    """All outcomes together; understanding is timed where a model was asked."""
    # A refusal that came as an error took no time that anybody measured.
    turns = [t for outcome in outcomes for t in outcome.turns if t is not None and t.latency_ms.total > 0]
    return Summary(
        vertical=vertical,
        model=model,
        scenarios=wilson(sum(outcome.passed for outcome in outcomes), len(outcomes)),
        tools=wilson(sum(o.score.tools_right for o in outcomes), sum(o.score.tools for o in outcomes)),
        arguments=wilson(
            sum(o.score.arguments_right for o in outcomes), sum(o.score.arguments for o in outcomes)
        ),
        unsafe_writes=sum(outcome.unsafe_writes for outcome in outcomes),
        understand_ms=times([turn.latency_ms.understand for turn in turns if turn.model]),
        turn_ms=times([turn.latency_ms.total for turn in turns]),
        failures=tuple(
            Failure(outcome.id, tuple(outcome.told())) for outcome in outcomes if not outcome.passed
        ),
    )
