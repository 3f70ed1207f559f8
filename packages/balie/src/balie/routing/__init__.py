"""Which model answers, and what happens while there is none."""

from balie.routing.models import Models, Reading

__all__ = ["Models", "Reading"]
