"""A process of its own that answers one message: how soon, and with how much memory.

``python -m balie.cli._first_answer VERTICAL MESSAGE [IDENTITY] [--write]`` prints a line of JSON when it is
ready to answer, one when the answer is there, and with ``--write`` one when the generator has written.
"""

import asyncio
import sys

from balie.cli._console import print_json
from balie.cli._desks import desk_of
from balie.cli._measure import resident_mb

_SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string", "maxLength": 60}},
    "required": ["text"],
    "additionalProperties": False,
}
_LONGEST = 120.0


async def answer(name: str, message: str, identity: str | None, *, write: bool) -> None:
    """Open the desk, answer, tell."""
    from balie.config import load as load_settings
    from balie.vertical import load, models_for

    vertical, settings = load(name), load_settings()
    models = models_for(vertical, settings)
    models.start()
    from balie.agent import Caller

    async with desk_of(vertical, settings, models=models) as desk:
        print_json({"ready": await models.ready()}, line=True)
        sys.stdout.flush()
        caller = Caller(identity=identity)
        turn = await desk.say(await desk.open(caller), message, caller)
        print_json({"model": turn.model, "resident_mb": resident_mb()}, line=True)
        sys.stdout.flush()
        if write:
            written = await desk.models.write("Write a subject line.", message, _SCHEMA, timeout=_LONGEST)
            print_json({"written": written is not None, "resident_mb": resident_mb()}, line=True)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--write"]
    asyncio.run(answer(given[0], given[1], given[2] if len(given) > 2 else None, write="--write" in sys.argv))
