"""Decisions: typed questions about a state, answered with probabilities."""

from balie.decisions.questions import (
    Answer,
    Choice,
    ChoiceAnswer,
    DecideRequest,
    DecideResponse,
    Noul,
    NoulAnswer,
    Question,
    Score,
    ScoreAnswer,
    State,
    Usage,
    answer_from,
    options_of,
    state_text,
)

__all__ = [
    "Answer",
    "Choice",
    "ChoiceAnswer",
    "DecideRequest",
    "DecideResponse",
    "Noul",
    "NoulAnswer",
    "Question",
    "Score",
    "ScoreAnswer",
    "State",
    "Usage",
    "answer_from",
    "options_of",
    "state_text",
]
