"""Telling what the models and the tools do to whoever watches; nobody does unless it is asked for."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

Operation = Literal["invoke_agent", "chat", "embeddings", "execute_tool"]
"""What can be watched, by the names of OpenTelemetry's conventions for generative AI."""


class Watched(Protocol):
    """An operation that is going on."""

    def used(self, input_tokens: int, output_tokens: int) -> None:
        """It read and wrote so many tokens."""


class Watch(Protocol):
    """Watches one operation; ``target`` is the name of the agent, the model or the tool.

    What people say, and the arguments of tools, are never told.
    """

    def __call__(
        self, operation: Operation, target: str, *, provider: str = "", conversation: str = ""
    ) -> AbstractContextManager[Watched]:
        """The operation goes on within the context; an error that leaves it is the operation's."""


class _Nobody:
    def used(self, input_tokens: int, output_tokens: int) -> None:
        """Nobody wants to know."""


@contextmanager
def unwatched(
    operation: Operation, target: str, *, provider: str = "", conversation: str = ""
) -> Generator[Watched]:
    """Nobody watches."""
    yield _NOBODY


_NOBODY = _Nobody()
