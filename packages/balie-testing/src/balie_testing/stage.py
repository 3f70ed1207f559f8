"""What all scenarios of a test run share: an event loop, each vertical's models and its sample data."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from balie.routing import Models
    from balie.scenarios import Outcome, Scenario
    from balie.vertical import Vertical

_KEY = pytest.StashKey["Stage"]()


class Stage:
    """Made when it is first needed, closed when the test run ends."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory(prefix="balie-stage-", ignore_cleanup_errors=True)
        self._models: dict[str, Models] = {}
        self._templates: dict[str, Path] = {}

    @classmethod
    def of(cls, config: pytest.Config) -> "Stage":
        """The one of this test run."""
        if _KEY not in config.stash:
            config.stash[_KEY] = cls()
        return config.stash[_KEY]

    @classmethod
    def close_of(cls, config: pytest.Config) -> None:
        """Close it, if there is one."""
        if _KEY in config.stash:
            config.stash[_KEY].close()
            del config.stash[_KEY]

    async def template(self, vertical: "Vertical") -> Path:
        """The file with the vertical's sample data; made once, and only copied from."""
        from balie.scenarios import make_template

        if vertical.name not in self._templates:
            path = Path(self._folder.name) / f"{vertical.name}.sqlite3"
            self._templates[vertical.name] = await make_template(vertical, path)
        return self._templates[vertical.name]

    def play(self, scenario: "Scenario", vertical: "Vertical") -> "Outcome":
        """Play it with the embedded encoder.

        Raises:
            ModelUnavailable: there are no models.
        """
        return self._runner.run(self._play(scenario, vertical))

    async def _play(self, scenario: "Scenario", vertical: "Vertical") -> "Outcome":
        from balie.scenarios import play

        template = await self.template(vertical)
        return await play(scenario, vertical, await self._ready(vertical), template)

    async def _ready(self, vertical: "Vertical") -> "Models":
        from balie.config import ModelSettings, Settings
        from balie.errors import ModelUnavailable
        from balie.vertical import models_for

        if vertical.name not in self._models:
            # One thread: a test run is not alone on its machine. Texts are the templates', so that a slow
            # machine decides nothing; `balie eval` plays the same scenarios with the generator.
            models = models_for(vertical, Settings(models=ModelSettings(threads=1, generate=False)))
            models.start()
            models.expect(vertical.team.commands)
            self._models[vertical.name] = models
        models = self._models[vertical.name]
        if not await models.ready():
            raise ModelUnavailable(
                f"There are no models to play the scenarios of {vertical.name} with: {models.why}"
            )
        return models

    def close(self) -> None:
        """Let go of the models and the files."""
        for models in self._models.values():
            self._runner.run(models.close())
        self._runner.close()
        self._folder.cleanup()
