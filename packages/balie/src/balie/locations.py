"""Where Balie keeps things: the XDG folders, each with an environment variable that moves it."""

import os
import sys
from pathlib import Path


def _folder(variable: str, xdg: str, fallback: str) -> Path:
    if own := os.environ.get(variable):
        folder = Path(own)
    elif base := os.environ.get(xdg):
        folder = Path(base) / "balie"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "balie" / fallback.rsplit("/", 1)[-1]
    else:
        folder = Path.home() / fallback / "balie"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def data() -> Path:
    """Databases and keys: what must not be lost. Moved by ``BALIE_DATA_DIR`` or ``XDG_DATA_HOME``."""
    return _folder("BALIE_DATA_DIR", "XDG_DATA_HOME", ".local/share")


def cache() -> Path:
    """What can be made again: model files. Moved by ``BALIE_CACHE_DIR`` or ``XDG_CACHE_HOME``."""
    return _folder("BALIE_CACHE_DIR", "XDG_CACHE_HOME", ".cache")


def config() -> Path:
    """A person's own ``balie.toml``. Moved by ``BALIE_CONFIG_DIR`` or ``XDG_CONFIG_HOME``."""
    return _folder("BALIE_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")
