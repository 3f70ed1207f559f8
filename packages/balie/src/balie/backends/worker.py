"""One thread that an engine's calls take turns on: never on the event loop, never two at once."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from balie.errors import ModelUnavailable

T = TypeVar("T")


class Worker:
    """A queue of one engine's calls. ``name`` is the backend's, for the words of errors."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"balie-{name}")
        self._closed = threading.Event()
        self._awaited: set[threading.Event] = set()

    @property
    def closed(self) -> bool:
        """Whether it takes no more calls."""
        return self._closed.is_set()

    async def run(self, call: Callable[[threading.Event], T]) -> T:
        """Run ``call`` when its turn comes; the event it gets is set when it should end early.

        Raises:
            ModelUnavailable: the worker is closed, or is closed before the turn came.
        """
        self._refuse_if_closed()
        gone = threading.Event()
        self._awaited.add(gone)

        def turn() -> T:
            self._refuse_if_closed()
            if gone.is_set():
                raise ModelUnavailable(f"{self.name}: nobody waits for this any more.")
            return call(gone)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, turn)
        except asyncio.CancelledError:
            gone.set()
            raise
        finally:
            self._awaited.discard(gone)

    async def close(self, release: Callable[[], None]) -> None:
        """Take no more calls, stop the one that runs, ``release`` the model; a second time does nothing."""
        if self._closed.is_set():
            return
        self._closed.set()
        for gone in self._awaited:
            gone.set()
        released = asyncio.get_running_loop().run_in_executor(self._pool, release)
        self._pool.shutdown(wait=False)
        await released

    def _refuse_if_closed(self) -> None:
        if self._closed.is_set():
            raise ModelUnavailable(f"{self.name} is closed.")
