"""The wire shape of /v1/systemone, and what answers are made of."""

import msgspec
import pytest
from balie.decisions import (
    Choice,
    ChoiceAnswer,
    DecideRequest,
    DecideResponse,
    Noul,
    NoulAnswer,
    Score,
    ScoreAnswer,
    Usage,
    answer_from,
    options_of,
    state_text,
)
from hypothesis import given
from hypothesis import strategies as st

REQUEST = b"""{"model": "m", "state": "Where is my order 10234?", "questions": {
 "command": {"type": "choice", "instructions": "What is wanted?",
             "criteria": {"lookup_order": "status of an order", "cancel_order": null}},
 "angry": {"type": "noul", "instructions": "Is the person angry?"},
 "calm": {"type": "noul", "criteria": {"true": "calm", "false": "not calm"}},
 "urgency": {"type": "score", "criteria": ["can wait", "today", "now"]}}}"""


def test_a_request_of_the_wire_is_read() -> None:
    request = msgspec.json.decode(REQUEST, type=DecideRequest)
    assert request.state == "Where is my order 10234?"
    assert options_of(request.questions["command"]) == [
        ("lookup_order", "status of an order"),
        ("cancel_order", "cancel order"),
    ]
    assert options_of(request.questions["calm"]) == [("yes", "calm"), ("no", "not calm")]
    assert options_of(request.questions["urgency"])[2] == ("2", "now")


def test_answers_have_the_shape_of_the_wire() -> None:
    questions = msgspec.json.decode(REQUEST, type=DecideRequest).questions
    response = DecideResponse(
        "m",
        {
            "command": answer_from(questions["command"], [0.96, 0.04]),
            "angry": answer_from(questions["angry"], [1, 3]),
            "urgency": answer_from(questions["urgency"], [0.0, 0.5, 0.5]),
        },
        Usage(31, 0),
    )
    answers = msgspec.to_builtins(response)["answers"]
    assert answers["command"]["confidence"] == pytest.approx(0.92)
    assert answers["command"]["type"] == "choice"
    assert answers["angry"] == {"type": "noul", "noul": 0.25}
    assert answers["urgency"]["score"] == 1.5
    assert answers["urgency"]["legend"] == {"0": "can wait", "1": "today", "2": "now"}
    assert msgspec.json.decode(msgspec.json.encode(response), type=DecideResponse) == response


@pytest.mark.parametrize(
    "wrong",
    [
        b'{"model": "m", "state": "x", "questions": {}}',
        b'{"model": "m", "state": "x", "questions": {"q": {"type": "choice", "criteria": {}}}}',
        b'{"model": "m", "state": "x", "questions": {"q": {"type": "score", "criteria": ["one"]}}}',
        b'{"model": "m", "state": "x", "questions": {"q": {"type": "guess"}}}',
        b'{"model": "m", "questions": {"q": {"type": "noul"}}}',
    ],
)
def test_a_request_that_makes_no_sense_is_refused(wrong: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(wrong, type=DecideRequest)


def test_a_state_of_data_is_shown_as_json() -> None:
    assert state_text("as it is") == "as it is"
    assert state_text({"order": [1, "é"]}) == '{"order":[1,"é"]}'


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=10))
def test_any_weights_make_a_distribution(weights: list[float]) -> None:
    names = [f"option_{number}" for number in range(len(weights))]
    choice = answer_from(Choice(dict.fromkeys(names)), weights)
    score = answer_from(Score(names), weights)
    assert isinstance(choice, ChoiceAnswer)
    assert isinstance(score, ScoreAnswer)
    assert sum(choice.probabilities.values()) == pytest.approx(1)
    assert 0 <= choice.confidence <= 1
    assert choice.probabilities[choice.choice] == max(choice.probabilities.values())
    assert 0 <= score.score <= len(weights) - 1
    assert score.level == names[weights.index(max(weights))]


def test_knowing_nothing_is_no_confidence_and_certainty_is_all() -> None:
    even = answer_from(Choice({"a": None, "b": None, "c": None}), [1, 1, 1])
    sure = answer_from(Choice({"a": None, "b": None, "c": None}), [0, 5, 0])
    noul = answer_from(Noul(), [1, 1])
    assert isinstance(even, ChoiceAnswer)
    assert isinstance(sure, ChoiceAnswer)
    assert isinstance(noul, NoulAnswer)
    assert (even.confidence, sure.confidence, noul.confidence) == (pytest.approx(0), 1, 0)


@pytest.mark.parametrize("weights", [[], [1.0], [0.0, 0.0], [float("nan"), 1.0]])
def test_what_is_no_distribution_is_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        answer_from(Choice({"a": None, "b": None}), weights)
