"""Is anybody still there?"""

from collections.abc import Callable


class Idle:
    """How long nobody has touched anything.

    Args:
        after: seconds of rest before a visit counts as left; ``countdown``: how many more until it is wiped.
        seconds: a clock that only goes forward.
    """

    def __init__(self, after: float, countdown: float, seconds: Callable[[], float]) -> None:
        self.after = after
        self.countdown = countdown
        self._seconds = seconds
        self._last = seconds()

    def touch(self) -> None:
        """Somebody is there."""
        self._last = self._seconds()

    @property
    def left(self) -> float | None:
        """Seconds until the visit is wiped, 0 where that is now; None while somebody is there."""
        rest = self._seconds() - self._last
        return None if rest < self.after else max(0.0, self.after + self.countdown - rest)
