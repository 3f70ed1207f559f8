"""Questions and answers in the wire shape of ``POST /v1/systemone`` (TypeSafe's System One API).

A *choice* is one of named options, a *noul* is yes or no, a *score* is a place on ordered levels. Every
answer carries the whole distribution. ``confidence`` says how far the distribution is from knowing
nothing: 0 when all options are alike, 1 when one has everything, (n·p - 1) / (n - 1) in between.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

State = str | dict[str, Any] | list[Any]
"""What is asked about: a text, or data that is shown to the model as JSON."""

Probability = Annotated[float, Meta(ge=0, le=1)]


class Choice(msgspec.Struct, frozen=True, tag="choice", tag_field="type"):
    """One of the named options; each may have a description."""

    criteria: Annotated[dict[str, str | None], Meta(min_length=1, max_length=255)]
    instructions: str = ""


class NoulCriteria(msgspec.Struct, frozen=True, omit_defaults=True):
    """What yes and no mean, where the instructions alone don't say it."""

    true: str | None = None
    false: str | None = None


class Noul(msgspec.Struct, frozen=True, tag="noul", tag_field="type", omit_defaults=True):
    """Yes or no."""

    instructions: str = ""
    criteria: NoulCriteria | None = None


class Score(msgspec.Struct, frozen=True, tag="score", tag_field="type"):
    """A place on ordered levels, the lowest first."""

    criteria: Annotated[list[str], Meta(min_length=2, max_length=10)]
    instructions: str = ""


Question = Choice | Noul | Score


class ChoiceAnswer(msgspec.Struct, frozen=True, tag="choice", tag_field="type"):
    """The likeliest option, and how likely each is."""

    choice: str
    probabilities: dict[str, Probability]
    confidence: Probability


class NoulAnswer(msgspec.Struct, frozen=True, tag="noul", tag_field="type"):
    """The probability of yes."""

    noul: Probability

    @property
    def answer(self) -> bool:
        """Whether yes is likelier."""
        return self.noul >= 0.5

    @property
    def confidence(self) -> float:
        """0 when yes and no are alike, 1 when it is sure."""
        return abs(2 * self.noul - 1)


class ScoreAnswer(msgspec.Struct, frozen=True, tag="score", tag_field="type"):
    """The expected place, 0 being the first level; ``legend`` and ``probabilities`` are by its number."""

    score: Annotated[float, Meta(ge=0)]
    legend: dict[str, str]
    probabilities: dict[str, Probability]
    confidence: Probability

    @property
    def level(self) -> str:
        """The likeliest level, in the question's words."""
        return self.legend[max(self.probabilities, key=lambda key: self.probabilities[key])]


Answer = ChoiceAnswer | NoulAnswer | ScoreAnswer


class Usage(msgspec.Struct, frozen=True):
    """Tokens read and written."""

    input_tokens: int = 0
    output_tokens: int = 0


class DecideRequest(msgspec.Struct, frozen=True):
    """Questions about one state."""

    model: str
    state: State
    questions: Annotated[dict[str, Question], Meta(min_length=1)]


class DecideResponse(msgspec.Struct, frozen=True):
    """One answer per question, under the same names."""

    model: str
    answers: dict[str, Answer]
    usage: Usage = Usage()


def state_text(state: State) -> str:
    """A state as a model reads it."""
    return state if isinstance(state, str) else msgspec.json.encode(state).decode()


def options_of(question: Question) -> list[tuple[str, str]]:
    """The question's options, each with what it means; a noul's are ``yes`` and ``no``, in this order."""
    match question:
        case Choice():
            return [(name, text or name.replace("_", " ")) for name, text in question.criteria.items()]
        case Score():
            return [(str(level), text) for level, text in enumerate(question.criteria)]
        case Noul():
            meaning = question.criteria or NoulCriteria()
            return [("yes", meaning.true or "yes"), ("no", meaning.false or "no")]


def answer_from(question: Question, probabilities: Sequence[float]) -> Answer:
    """The answer that a distribution over :func:`options_of` the question makes. It need not sum to one yet.

    Raises:
        ValueError: another number of probabilities than options, or none above zero.
    """
    names = [name for name, _ in options_of(question)]
    total = sum(probabilities)
    if len(probabilities) != len(names) or not total > 0:
        raise ValueError(f"{len(names)} options and {len(probabilities)} probabilities with the sum {total}")
    spread = [min(1.0, max(0.0, float(p) / total)) for p in probabilities]
    top = max(spread)
    confidence = min(1.0, max(0.0, (len(names) * top - 1) / (len(names) - 1))) if len(names) > 1 else 1.0
    by_name = dict(zip(names, spread, strict=True))
    match question:
        case Choice():
            return ChoiceAnswer(max(by_name, key=by_name.__getitem__), by_name, confidence)
        case Noul():
            return NoulAnswer(spread[0])
        case Score():
            expected = sum(level * p for level, p in enumerate(spread))
            legend = {str(level): text for level, text in enumerate(question.criteria)}
            return ScoreAnswer(expected, legend, by_name, confidence)
