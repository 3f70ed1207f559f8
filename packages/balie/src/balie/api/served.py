"""A vertical that the API serves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from balie.agent.desk import Desk
from balie.errors import ModelUnavailable
from balie.vertical import Vertical

OpenDesk = Callable[[], Awaitable[Desk]]
"""Opens a vertical's desk: its database current, its models started (:func:`balie.vertical.open_desk`)."""


@dataclass
class ServedVertical:
    """A vertical and the way to open its desk, which the API does when it starts.

    The API closes the desk's models and database when it stops.
    """

    vertical: Vertical
    open: OpenDesk
    _desk: Desk | None = field(default=None, init=False, repr=False)

    @property
    def name(self) -> str:
        """The vertical's."""
        return self.vertical.name

    @property
    def desk(self) -> Desk:
        """The open desk.

        Raises:
            ModelUnavailable: the API has not started yet, or has stopped.
        """
        if self._desk is None:
            raise ModelUnavailable(f"The desk of {self.vertical.title} is not open.")
        return self._desk

    async def start(self) -> Desk:
        """Open the desk."""
        self._desk = await self.open()
        return self._desk

    async def stop(self) -> None:
        """Close what the desk uses."""
        if self._desk is None:
            return
        desk, self._desk = self._desk, None
        await desk.models.close()
        await desk.database.close()
