"""What is still remembered of what is gone: by Textual, and by caches of words."""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

# Balie's own and the verticals' too: a search remembers the words that it has analysed.
_WITH_TEXTS = "rich.", "textual.", "balie"
_STYLE_SHEETS = "textual.css"


def forget_drawn() -> None:
    """Empty the caches that keep texts which were measured, cut or analysed: people wrote some."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            module = getattr(found, "__module__", "") or ""
            if module.startswith(_WITH_TEXTS) and not module.startswith(_STYLE_SHEETS):
                found.cache_clear()


def forget_closed(app: App[None]) -> None:
    """Let go of screens that are closed but watched the app, and of everything that stands on them.

    Textual does so by itself when the value that they watched is another one, and when the pointer moves:
    a title never is, and whoever touched "I'm done" touches nothing more.
    """
    app.mouse_over = app.hover_over = app._mouse_down_widget = app._last_focused_on_app_blur = None
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(node, callback) for node, callback in watchers if not node._closing]
