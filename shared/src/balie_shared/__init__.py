"""Data that Balie's packages share: the model catalog and the quantization profiles. No logic."""

from importlib.resources import files
from pathlib import Path

_package = Path(str(files(__name__)))

FOLDER = _package if (_package / "models.toml").is_file() else _package.parents[1]
"""Where ``models.toml`` and ``profiles/`` lie: in an installed package, beside ``src/`` in a checkout."""
