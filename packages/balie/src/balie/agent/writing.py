"""What a model may write: short texts out of a given source, kept only if they state nothing else."""

import re

from balie.agent.facts import unsupported
from balie.routing import Models

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
    outcome = await models.write(f"Write {what}. Use only what the text says.", source, schema, timeout=seconds)
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
    outcome = await models.write("Say this in a warm and friendly way. Keep every fact.", reply, schema, timeout=seconds)
    text = " ".join(str(outcome["text"]).split()) if outcome else ""
    same_facts = text and not unsupported(text, [reply]) and not unsupported(reply, [text])
    return text if same_facts else reply


def _shares_words(text: str, source: str) -> bool:
    """Whether it speaks of the source at all: half of its longer words are the source's."""
    words = {w for w in re.findall(r"[^\W\d_]{4,}", text.casefold())}
    known = {w for w in re.findall(r"[^\W\d_]{4,}", source.casefold())}
    return not words or len(words & known) * 2 >= len(words)
