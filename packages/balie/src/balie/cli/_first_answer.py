"""A process of its own that answers one message: how soon, and with how much memory.

``python -m balie.cli._first_answer VERTICAL MESSAGE [IDENTITY] [--write]`` prints a line of JSON when the
answer is there, and with ``--write`` a second one when the generator has written something.
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
    from balie.agent import Caller
    from balie.config import load as load_settings
    from balie.vertical import load

    async with desk_of(load(name), load_settings()) as desk:
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
