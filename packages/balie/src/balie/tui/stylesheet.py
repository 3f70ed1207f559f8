"""Style sheets that are parsed once."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class SteadyStylesheet(Stylesheet):
    """Parsed anew only when something in it has changed.

    Textual has all of it parsed anew, twice, whenever a screen is shown for the first time (``App.refresh_css``).
    """

    def set_variables(self, variables: dict[str, str]) -> None:
        """Of a theme; nothing changes where they are what they were."""
        if variables != self._variables:
            super().set_variables(variables)
            self._require_parse = True

    def reparse(self) -> None:
        """Apply new variables and new sources, if there are any."""
        if self._require_parse:
            self.parse()
