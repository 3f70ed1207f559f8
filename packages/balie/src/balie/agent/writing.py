"""What a model may write: short texts out of a given source, kept only if they state nothing else."""

import re
from collections.abc import Sequence

import msgspec

from balie.agent.facts import unsupported
from balie.agent.plan import Call, HandOff, Plan
from balie.agent.resolution import Evidence
from balie.routing import Models

_SUMMARY = "a summary of what this customer wants, in one or two sentences"
_SUMMARY_CHARACTERS = 300

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def beginning(source: str, limit: int) -> str:
    """The first sentence of ``source``, cut between words to at most ``limit`` characters."""
    first = " ".join(_SENTENCE.split(source.strip(), maxsplit=1)[0].split())
    if len(first) <= limit:
        return first
    return first[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


async def written(models: Models, what: str, source: str, limit: int, *, seconds: float) -> str:
    """``what`` (a subject line, a summary) of ``source``, in at most ``limit`` characters.

    The generator's text is taken only where it stays within the limit and states no number, name or
    address that the source does not; otherwise it is the source's beginning.
    """
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 3, "maxLength": limit}},
        "required": ["text"],
        "additionalProperties": False,
    }
    outcome = await models.write(
        f"Write {what}. Use only what the text says.", source, schema, timeout=seconds
    )
    text = " ".join(str(outcome["text"]).split()) if outcome else ""
    if 3 <= len(text) <= limit and not unsupported(text, [source]) and _shares_words(text, source):
        return text
    return beginning(source, limit)


async def reworded(models: Models, reply: str, *, seconds: float) -> str:
    """``reply`` in friendlier words, or as it is where the model loses or adds a fact."""
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 3, "maxLength": len(reply) * 2 + 40}},
        "required": ["text"],
        "additionalProperties": False,
    }
    outcome = await models.write(
        "Say this in a warm and friendly way. Keep every fact.", reply, schema, timeout=seconds
    )
    text = " ".join(str(outcome["text"]).split()) if outcome else ""
    same_facts = text and not unsupported(text, [reply]) and not unsupported(reply, [text])
    return text if same_facts else reply


async def fill(plan: Plan, models: Models, said: Sequence[str], *, seconds: float) -> None:
    """Write what the steps of a plan leave to be written.

    Args:
        said: the person's last messages, for the colleague who takes over.
    """
    for place, step in enumerate(plan.steps):
        if isinstance(step, HandOff):
            source = "\n".join(said)
            summary = await written(models, _SUMMARY, source, _SUMMARY_CHARACTERS, seconds=seconds)
            plan.steps[place] = HandOff(step.reason, summary)
        elif isinstance(step, Call):
            plan.steps[place] = await _filled(step, models, seconds)


def fill_plainly(plan: Plan) -> None:
    """The same without a model, at once: the beginnings of the sources."""
    for place, step in enumerate(plan.steps):
        if isinstance(step, Call):
            for parameter in step.tool.parameters:
                if (how := parameter.written) and parameter.name not in step.arguments:
                    step = _with(step, parameter.name, beginning(str(step.arguments[how.source]), how.limit))
            plan.steps[place] = step


async def _filled(step: Call, models: Models, seconds: float) -> Call:
    for parameter in step.tool.parameters:
        if parameter.written is None or parameter.name in step.arguments:
            continue
        how = parameter.written
        text = await written(models, how.what, str(step.arguments[how.source]), how.limit, seconds=seconds)
        step = _with(step, parameter.name, text)
    return step


def _with(step: Call, name: str, text: str) -> Call:
    wish = msgspec.structs.replace(
        step.wish,
        arguments={**step.wish.arguments, name: text},
        evidence={**step.wish.evidence, name: Evidence("written")},
    )
    return Call(step.tool, wish, {**step.arguments, name: text})


def _shares_words(text: str, source: str) -> bool:
    """Whether it speaks of the source at all: half of its longer words are the source's."""
    words = set(re.findall(r"[^\W\d_]{4,}", text.casefold()))
    known = set(re.findall(r"[^\W\d_]{4,}", source.casefold()))
    return not words or len(words & known) * 2 >= len(words)
