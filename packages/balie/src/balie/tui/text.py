"""What may be shown: words of people and models, as plain text and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from balie.locales import Words
    from balie.tui.app import DeskApp

# Control characters would steer the terminal (escape sequences), and the direction marks of Unicode
# would make a text read otherwise than it is. Line feed stays; a tab becomes a space.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: object) -> str:
    """The text without anything that a terminal would obey."""
    unified = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _STEERING.sub("", unified)


def shown(text: object, style: str = "") -> Content:
    """The text as content for a widget: square brackets are square brackets, never markup."""
    return Content.styled(plain(text), style) if style else Content(plain(text))


def wording(part: MessagePump) -> Words:
    """The words of the app that a widget is in, in the language of whoever stands before it."""
    return cast("DeskApp", part.app).words
