"""Something takes longer than a moment."""

from textual.timer import Timer
from textual.widgets import Static

PATIENCE = 0.15
"""Seconds before it is said: what is quicker than this feels immediate."""

_FRAMES = ("●∙∙", "∙●∙", "∙∙●", "∙●∙")


class Thinking(Static):
    """Moving dots, shown once patience is over."""

    def __init__(self) -> None:
        super().__init__(_FRAMES[0], markup=False)
        self.display = False
        self._frame = 0
        self._patience: Timer | None = None
        self._moving: Timer | None = None

    def begin(self) -> None:
        """Work has begun."""
        self.end()
        self._patience = self.set_timer(PATIENCE, self._appear)

    def end(self) -> None:
        """Work is done."""
        for timer in (self._patience, self._moving):
            if timer is not None:
                timer.stop()
        self._patience = self._moving = None
        self.display = False

    def _appear(self) -> None:
        self.display = True
        self._moving = self.set_interval(0.2, self._move)

    def _move(self) -> None:
        self._frame = (self._frame + 1) % len(_FRAMES)
        self.update(_FRAMES[self._frame])
