"""The desk's models as a decision model: typed questions about a state, answered with probabilities.

The wire shape is that of the System One API (:mod:`balie.decisions.questions`). The question ``command``
is the one that the vertical's head was tuned for; others are answered by what their options mean.
"""

import msgspec
from litestar import Controller, post
from litestar.params import JSONBody

from balie.api import bodies
from balie.api.openai import known_model, respond
from balie.api.parameters import TheDesk
from balie.decisions import DecideRequest, DecideResponse
from balie.decisions.questions import state_text
from balie.errors import BadRequest, Unsupported

TAG = "Decisions"
MOST_QUESTIONS = 32


class DecisionController(Controller):
    """The models, asked directly."""

    tags = (TAG,)
    exception_handlers = {Exception: respond}  # noqa: RUF012  as Litestar has it

    @post(
        "/systemone",
        status_code=200,
        summary="Answer typed questions about a state",
        description=__doc__.partition("\n\n")[2],
        opt={bodies.KEEPS_NOTHING: True},
    )
    async def decide(self, desk: TheDesk, data: JSONBody[DecideRequest]) -> DecideResponse:
        """Decide."""
        known_model(desk, data.model)
        if len(data.questions) > MOST_QUESTIONS:
            raise BadRequest(f"There are {len(data.questions)} questions; at most {MOST_QUESTIONS} at once.")
        text, most = state_text(data.state), desk.settings.api.max_message_characters
        if len(text) > most:
            raise BadRequest(f"The state has {len(text)} characters; at most {most} are read.")
        # As a message is read: what an identifier names is said in words.
        asked = msgspec.structs.replace(data, state=desk.team.as_read(text))
        try:
            return await desk.models.decide(asked)
        except Unsupported as error:
            raise BadRequest(str(error)) from error
