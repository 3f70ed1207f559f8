"""``python -m balie.cli`` is the command ``balie``."""

from balie.cli import main

main()
