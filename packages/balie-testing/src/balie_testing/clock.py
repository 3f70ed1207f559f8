"""A clock that stands still until it is told to move."""

from datetime import datetime, timedelta, timezone

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone(timedelta(hours=1)))
"""Nine in the morning, Amsterdam time, of the day that the sample data are told from: a Tuesday."""


class FrozenClock:
    """What a desk takes as its ``clock``: calling it gives the same time every time."""

    def __init__(self, now: datetime = NOW) -> None:
        self.set(now)

    def __call__(self) -> datetime:
        """The time, aware."""
        return self._now

    def set(self, now: datetime) -> None:
        """Put it to another time.

        Raises:
            ValueError: the time has no time zone.
        """
        if now.utcoffset() is None:
            raise ValueError(f"{now!r} has no time zone.")
        self._now = now

    def move(self, by: timedelta | None = None, /, **parts: float) -> datetime:
        """Let time pass: ``move(minutes=20)``; gives the new time."""
        self.set(self._now + (by or timedelta()) + timedelta(**parts))
        return self._now
