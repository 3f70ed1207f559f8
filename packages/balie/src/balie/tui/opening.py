"""Opening the desk behind the first frame."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from balie.agent.desk import Desk
    from balie.config import Settings
    from balie.routing import Models
    from balie.tui.session import DeskSession, Opener, Prepare, Report
    from balie.vertical import Vertical


def at(vertical_name: str, *, identity: str | None, role: str, channel: str = "tui") -> Prepare:
    """What prepares the desk of an installed vertical for a caller.

    Everything heavy is imported in here, so that nobody waits for it before something is on the screen; and
    the database is brought up to date here, in the thread, since that keeps an event loop busy for seconds
    when it is new.
    """

    def prepare(report: Report) -> Opener:
        from balie import config, vertical
        from balie.monitoring import logs

        settings = config.load()
        logs.configure(settings.log_level, as_json=True, stream=sys.stderr)
        found = vertical.load(vertical_name)
        models = vertical.models_for(found, settings)
        models.start()
        asyncio.run(_bring_up_to_date(found, models, settings, report))

        async def open_desk() -> DeskSession:
            desk = await vertical.open_desk(found, settings, models=models)
            return session_at(
                found, desk, identity=identity, role=role, language=settings.language, channel=channel
            )

        return open_desk

    return prepare


async def _bring_up_to_date(found: Vertical, models: Models, settings: Settings, report: Report) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from balie import vertical

    database = vertical.database_of(found, settings)
    try:
        today = datetime.now(ZoneInfo(settings.timezone)).date()
        await vertical.prepare(found, database, today=today, report=report)
        found.screens  # noqa: B018  imported here, in the thread
    except BaseException:
        await models.close()
        raise
    finally:
        await database.close()


def session_at(
    found: Vertical,
    desk: Desk,
    *,
    identity: str | None,
    role: str,
    language: str = "en",
    channel: str = "tui",
) -> DeskSession:
    """A caller at an open desk; when the app ends, the desk's models and database are closed."""
    from balie.agent import Caller, Role
    from balie.tui.session import DeskSession
    from balie.vertical import models_for

    async def close() -> None:
        await desk.models.close()
        await desk.database.close()

    caller = Caller(Role(role), identity, language, channel)
    # What is offered to say first is what a customer would say.
    suggestions = () if caller.is_staff else found.suggestions
    return DeskSession(
        desk,
        caller,
        found.screens,
        suggestions,
        close,
        vertical=found,
        new_models=partial(models_for, found, desk.settings),
    )
