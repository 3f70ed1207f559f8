"""The models asked directly, with typed questions."""

import pytest
from balie.config import ModelSettings
from balie.routing import Models
from balie_testing import FakeBackend

pytestmark = pytest.mark.anyio

COMMAND = {
    "type": "choice",
    "instructions": "What is wanted?",
    "criteria": {"find_book": "look for a book", "lend_book": "take a book home"},
}


async def decide(served, question=COMMAND, *, state="take Emma home", model="library", **more):
    body = {"model": model, "state": state, "questions": {"command": question}, **more}
    return await served.client.post("/v1/systemone", json=body, headers=served.bearer("anna"))


@pytest.fixture
def answering(served):
    """The desk with an engine that answers by the words that are shared."""
    served.desk.models = Models(ModelSettings(generate=False), name="library", encoder=FakeBackend())
    return served


async def test_a_choice_comes_with_its_probabilities(answering):
    answer = await decide(answering)
    assert answer.status_code == 200
    found = answer.json()["answers"]["command"]
    assert found["type"] == "choice"
    assert found["choice"] == "lend_book"
    assert sum(found["probabilities"].values()) == pytest.approx(1)
    assert found["probabilities"]["lend_book"] > found["probabilities"]["find_book"]


async def test_scores_and_yes_or_no(answering):
    answer = await decide(answering, {"type": "score", "criteria": ["calm", "take it or leave it"]})
    assert answer.json()["answers"]["command"]["legend"] == {"0": "calm", "1": "take it or leave it"}
    noul = {"type": "noul", "criteria": {"true": "take something home", "false": "bring something back"}}
    assert (await decide(answering, noul)).json()["answers"]["command"]["noul"] > 0.5


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"state": "x" * 5000}, "at most 4000 are read"),
        ({"model": "other"}, "There is no model 'other'"),
        ({"question": {"type": "choice", "criteria": {}}}, "length >= 1"),
        ({"question": {"type": "guess"}}, "guess"),
        ({"questions": {f"q{n}": COMMAND for n in range(33)}}, "at most 32"),
    ],
)
async def test_what_is_wrong_is_told_in_their_shape(answering, asked, words):
    answer = await decide(answering, **asked)
    assert answer.status_code in (400, 404)
    assert words in answer.json()["error"]["message"]


async def test_without_models_it_says_so(served):
    answer = await decide(served)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["error"]["type"] == "server_error"
