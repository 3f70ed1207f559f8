"""What drawing remembers of texts."""

import functools
import gc

_DRAWING = "rich.", "textual."
_STYLE_SHEETS = "textual.css"


def forget_drawn() -> None:
    """Empty the caches in which Rich and Textual keep texts that they measured and cut: people wrote some."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):
            module = getattr(found, "__module__", "") or ""
            if module.startswith(_DRAWING) and not module.startswith(_STYLE_SHEETS):
                found.cache_clear()
