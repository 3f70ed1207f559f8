"""Which model answers, and what happens while there is none."""

from balie.routing.models import Models, Reading
from balie.routing.watching import Watch, Watched, unwatched

__all__ = ["Models", "Reading", "Watch", "Watched", "unwatched"]
