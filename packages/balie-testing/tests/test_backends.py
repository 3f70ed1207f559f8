import numpy as np
import pytest
from balie.backends.protocol import Backend, Message
from balie.decisions import Choice, DecideRequest, Noul
from balie.errors import BadGeneration, ModelUnavailable, Unsupported
from balie_testing import FakeBackend, FakeEncoder
from balie_testing.backends import DIMENSIONS, vectors

pytestmark = pytest.mark.anyio
ASK = [Message("user", "Write a subject.")]
TOPIC = Choice({"order": "an order or a parcel", "weather": "rain or sunshine"})


def asked(state, **questions):
    return DecideRequest("fake", state, questions)


def test_it_is_a_backend():
    backend: Backend = FakeBackend()
    for verb in ("decide", "generate", "embed", "health", "models", "close"):
        assert callable(getattr(backend, verb))


def test_vectors_are_the_same_every_time_and_of_length_one():
    texts = ["Where is my order?", "", "a b c", "order my IS where"]
    found = vectors(texts)
    assert found.shape == (4, DIMENSIONS)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert np.array_equal(found, vectors(texts))
    assert np.allclose(found[0], found[3])


def test_shared_words_are_near():
    order, alike, other = vectors(["where is my order", "my order is late", "sunshine tomorrow"])
    assert order @ alike > order @ other


async def test_it_embeds_until_it_is_closed():
    encoder = FakeEncoder()
    assert (await encoder.embed(["a", "b"])).shape == (2, DIMENSIONS)
    assert (await encoder.health()).ok
    (info,) = await encoder.models()
    assert (info.role, info.dimensions) == ("encoder", DIMENSIONS)
    await encoder.close()
    assert not (await encoder.health()).ok
    with pytest.raises(ModelUnavailable):
        await encoder.embed(["a"])
    with pytest.raises(ModelUnavailable):
        await encoder.decide(asked("a", topic=TOPIC))


async def test_it_decides_by_shared_words():
    response = await FakeBackend().decide(asked("a parcel", topic=TOPIC))
    answer = response.answers["topic"]
    assert answer.choice == "order"
    assert sum(answer.probabilities.values()) == pytest.approx(1)


async def test_it_decides_as_scripted():
    backend = FakeBackend(answers={"topic": {"weather": 0.8}, "upset": {"yes": 0.25}})
    request = asked("a parcel", topic=TOPIC, upset=Noul("Upset?"))
    response = await backend.decide(request)
    assert response.answers["topic"].probabilities == pytest.approx({"order": 0.2, "weather": 0.8})
    assert response.answers["upset"].noul == pytest.approx(0.25)
    assert backend.asked == [request]


async def test_it_writes_what_it_was_given():
    backend = FakeBackend(written=["first", {"text": "second"}])
    pieces = []
    assert (await backend.generate(ASK, on_text=pieces.append)).text == "first"
    assert pieces == ["first"]
    for _ in range(2):
        assert (await backend.generate(ASK, schema={})).data == {"text": "second"}
    assert (await backend.models())[0].role == "generator"


async def test_it_does_not_keep_to_a_schema_with_a_text():
    with pytest.raises(BadGeneration):
        await FakeBackend(written=["text"]).generate(ASK, schema={"type": "object"})


async def test_without_anything_to_write_it_can_not_write():
    with pytest.raises(Unsupported):
        await FakeEncoder().generate(ASK)
