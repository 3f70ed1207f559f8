"""The REST API: conversations, actions, the verticals' own resources, health, metrics, description.

A vertical's controllers are given ``desk: TheDesk``, ``caller: TheCaller`` and ``writer: TheWriter``, and
page their lists by ``limit: Limit`` and ``offset: Offset``.
"""

from balie.api.app import create_app
from balie.api.parameters import VISIBLE, Limit, Offset, TheCaller, TheDesk, page
from balie.api.served import ServedVertical
from balie.api.writes import TheWriter, Writer

__all__ = [
    "VISIBLE",
    "Limit",
    "Offset",
    "ServedVertical",
    "TheCaller",
    "TheDesk",
    "TheWriter",
    "Writer",
    "create_app",
    "page",
]
