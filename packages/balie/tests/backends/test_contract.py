"""What every engine must do, whichever it is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest
from balie.backends.protocol import Backend, Message
from balie.decisions import Choice, ChoiceAnswer, DecideRequest, Noul, NoulAnswer, Score, ScoreAnswer
from balie.decisions.questions import NoulCriteria
from balie.errors import BadRequest, ModelUnavailable, Unsupported

pytestmark = pytest.mark.models

SUBJECT = {
    "type": "object",
    "properties": {"subject": {"type": "string", "minLength": 3, "maxLength": 40}},
    "required": ["subject"],
    "additionalProperties": False,
}
QUESTIONS = {
    "command": Choice({"lookup_order": "status or contents of an order", "reset_password": "can't sign in"}),
    "angry": Noul("Is the person angry?", NoulCriteria("the person is angry", "the person is calm")),
    "urgency": Score(["can wait", "today", "right now"], "How urgent is it?"),
}
TEXTS = [
    "",
    " ",
    "Where is my parcel?",
    "¿Dónde está mi paquete? 📦 où ça",
    "<|im_end|> [SEP] \x00 {}",
    "a" * 300,
]


async def or_unsupported(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except Unsupported:
        return None


def test_says_what_it_is(backend: Backend) -> None:
    (info,) = asyncio.run(backend.models())  # type: ignore[arg-type]
    health = asyncio.run(backend.health())  # type: ignore[arg-type]
    assert (info.name, len(info.checksum)) == (backend.name, 64)
    assert info.context > 0
    assert health.ok


def test_decides_with_probabilities_over_the_options(backend: Backend) -> None:
    request = DecideRequest("any", "I can't sign in, my password is wrong", QUESTIONS)
    response = asyncio.run(backend.decide(request))  # type: ignore[arg-type]
    command, angry, urgency = (response.answers[name] for name in QUESTIONS)
    assert isinstance(command, ChoiceAnswer)
    assert sum(command.probabilities.values()) == pytest.approx(1, abs=1e-3)
    assert set(command.probabilities) == {"lookup_order", "reset_password"}
    assert isinstance(angry, NoulAnswer)
    assert isinstance(urgency, ScoreAnswer)
    assert 0 <= urgency.score <= 2
    assert urgency.level in urgency.legend.values()
    assert response.usage.input_tokens > 0


def test_what_is_said_moves_the_decision(backend: Backend) -> None:
    async def certainty(text: str) -> float:
        answer = (await backend.decide(DecideRequest("any", text, {"c": QUESTIONS["command"]}))).answers["c"]
        assert isinstance(answer, ChoiceAnswer)
        return answer.probabilities["reset_password"]

    locked_out = asyncio.run(certainty("I can't sign in, my password is wrong"))
    assert locked_out > asyncio.run(certainty("What is in order 10234?")) + 0.1


@pytest.mark.parametrize("text", TEXTS)
def test_decides_about_any_text(backend: Backend, text: str) -> None:
    request = DecideRequest("any", text, {"command": QUESTIONS["command"]})
    answer = asyncio.run(backend.decide(request)).answers["command"]  # type: ignore[arg-type]
    assert isinstance(answer, ChoiceAnswer)
    assert np.isfinite(list(answer.probabilities.values())).all()


def test_decides_about_data(backend: Backend) -> None:
    state = {"message": "Where is my parcel?", "orders": [10234, 10240]}
    response = asyncio.run(backend.decide(DecideRequest("any", state, {"c": QUESTIONS["command"]})))  # type: ignore[arg-type]
    assert set(response.answers) == {"c"}


def test_the_same_question_has_the_same_answer(backend: Backend) -> None:
    request = DecideRequest("any", "Where is my parcel?", QUESTIONS)
    first, second = (asyncio.run(backend.decide(request)) for _ in range(2))  # type: ignore[arg-type]
    assert first.answers == second.answers


def test_embeds_into_unit_vectors_or_says_that_it_does_not(backend: Backend) -> None:
    vectors = asyncio.run(or_unsupported(backend.embed(TEXTS)))
    if vectors is None:
        return
    assert vectors.shape[0] == len(TEXTS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_keeps_to_a_schema_or_says_that_it_does_not_write(backend: Backend) -> None:
    for text in TEXTS[2:5]:
        written = asyncio.run(
            or_unsupported(backend.generate([Message("user", text)], schema=SUBJECT, max_tokens=40))
        )
        if written is None:
            return
        assert set(written.data) == {"subject"}
        assert 3 <= len(written.data["subject"]) <= 40
        assert written.usage.output_tokens > 0


def test_a_very_long_text_is_cut_or_refused_in_words(backend: Backend) -> None:
    long = "my parcel has not come and I am waiting " * 2000
    calls: list[Callable[[], Awaitable[Any]]] = [
        lambda: backend.decide(DecideRequest("any", long, {"command": QUESTIONS["command"]})),
        lambda: backend.generate([Message("user", long)], max_tokens=4),
        lambda: backend.embed([long]),
    ]

    async def refused(call: Callable[[], Awaitable[Any]]) -> str:
        try:
            await call()
        except (BadRequest, Unsupported) as error:
            return str(error)
        return ""

    (info,) = asyncio.run(backend.models())  # type: ignore[arg-type]
    decided, wrote, embedded = (asyncio.run(refused(call)) for call in calls)
    if info.role == "encoder":
        assert not decided + embedded
    else:
        assert "tokens" in decided
        assert "tokens" in wrote


def test_calls_that_come_together_all_get_their_own_answer(backend: Backend) -> None:
    said = ["Where is my parcel?", "I can't sign in", "When does order 10234 come?", "reset my password"]

    async def ask() -> list[Any]:
        requests = [DecideRequest("any", text, {"command": QUESTIONS["command"]}) for text in said]
        together = await asyncio.gather(*(backend.decide(request) for request in requests))
        apart = [await backend.decide(request) for request in requests]
        return [
            (one.answers["command"], other.answers["command"])
            for one, other in zip(together, apart, strict=True)
        ]

    for one, other in asyncio.run(ask()):
        assert one.choice == other.choice
        assert one.probabilities == pytest.approx(other.probabilities, abs=0.02)


def test_the_event_loop_goes_on_while_it_works(backend: Backend) -> None:
    async def ticks_while_deciding() -> int:
        ticks = 0
        work = asyncio.ensure_future(
            backend.decide(DecideRequest("any", "Where is my parcel? " * 3, QUESTIONS))
        )
        while not work.done():
            ticks += 1
            await asyncio.wait({work}, timeout=0.001)
        await work
        return ticks

    assert asyncio.run(ticks_while_deciding()) > 1


def test_a_call_that_nobody_waits_for_any_more_ends(backend: Backend) -> None:
    async def cancelled_then_asked() -> None:
        first = asyncio.ensure_future(
            backend.generate([Message("user", "Tell a very long story.")], max_tokens=1500)
        )
        await asyncio.wait({first}, timeout=0.05)
        first.cancel()
        with pytest.raises((asyncio.CancelledError, Unsupported)):
            await first
        async with asyncio.timeout(15):  # the story alone would take longer
            await backend.decide(DecideRequest("any", "Where is my parcel?", {"c": QUESTIONS["command"]}))

    asyncio.run(cancelled_then_asked())


def test_closing_twice_is_fine_and_a_closed_one_says_so(fresh: Backend) -> None:
    async def close_and_ask() -> None:
        await fresh.close()
        await fresh.close()
        assert not (await fresh.health()).ok
        with pytest.raises(ModelUnavailable, match="closed"):
            await fresh.decide(DecideRequest("any", "Where is my parcel?", QUESTIONS))
        with pytest.raises((ModelUnavailable, Unsupported)):
            await fresh.generate([Message("user", "hello")], max_tokens=1)
        with pytest.raises((ModelUnavailable, Unsupported)):
            await fresh.embed(["hello"])

    asyncio.run(close_and_ask())


def test_closing_stops_what_is_being_written(fresh: Backend) -> None:
    async def close_while_writing() -> None:
        started = asyncio.Event()
        writing = asyncio.ensure_future(
            fresh.generate(
                [Message("user", "Tell a very long story.")],
                max_tokens=1500,
                on_text=lambda piece: started.set(),
            )
        )
        beginning = asyncio.ensure_future(started.wait())
        await asyncio.wait([writing, beginning], return_when="FIRST_COMPLETED")
        beginning.cancel()
        async with asyncio.timeout(15):
            await fresh.close()
            with pytest.raises((ModelUnavailable, Unsupported)):
                await writing

    asyncio.run(close_while_writing())
