"""Who is asking, and what that lets them do."""

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from balie.errors import Forbidden

if TYPE_CHECKING:
    from balie.agent.tools import Tool


class Role(StrEnum):
    """What a caller is to the desk. A role reaches exactly the tools that name it."""

    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"


KIOSK = "kiosk"
"""The channel of a terminal that people walk up to."""


class Caller(msgspec.Struct, frozen=True):
    """Who is on the other side of the desk.

    ``identity`` is what authentication proved (a customer's number, a colleague's name), or None for
    somebody not known yet. It never comes from what a person merely says: see ``Team.identify``.
    """

    role: Role = Role.CUSTOMER
    identity: str | None = None
    language: str = "en"
    channel: str = "cli"

    @property
    def is_staff(self) -> bool:
        """Staff and administrators see what belongs to any customer."""
        return self.role in (Role.STAFF, Role.ADMIN)

    @property
    def is_visitor(self) -> bool:
        """Somebody at a kiosk: what they do must not be tied together once they have gone."""
        return self.channel == KIOSK

    @property
    def actor(self) -> str:
        """How the audit log names this caller."""
        return f"{self.role}:{self.identity or 'anonymous'}"


def may_use(tool: "Tool", caller: Caller) -> bool:
    """Whether the caller's role reaches the tool at all."""
    return caller.role in tool.roles


def needs_identity(tool: "Tool", caller: Caller) -> bool:
    """Whether the tool shows or changes something personal and nobody is known yet."""
    return tool.personal and not caller.is_staff and caller.identity is None


def authorize(tool: "Tool", caller: Caller) -> None:
    """Check once more, right before something runs.

    Raises:
        Forbidden: the role does not reach the tool, or nobody is identified for what is personal.
    """
    if not may_use(tool, caller):
        raise Forbidden(f"{tool.name} is not open to the role {caller.role}.", tool=tool.name)
    if needs_identity(tool, caller):
        raise Forbidden(f"{tool.name} needs an identified customer.", tool=tool.name)
