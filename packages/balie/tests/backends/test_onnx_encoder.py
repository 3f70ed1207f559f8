"""What only the encoder can do."""

import asyncio

import numpy as np
import pytest
from balie.backends.onnx_encoder import OnnxEncoder
from balie.backends.protocol import Backend, Message
from balie.decisions import Choice, ChoiceAnswer, DecideRequest, Noul
from balie.decisions.heads import Head, Thresholds
from balie.errors import ModelsForbidden, Unsupported
from balie.models import catalog

pytestmark = pytest.mark.models

MODEL = catalog.model("minilm-l6-int8")


def test_like_sentences_lie_together(encoder: Backend) -> None:
    parcel, package, weather = asyncio.run(
        encoder.embed(["Where is my parcel?", "When does my package come?", "It rains on the moon."])  # type: ignore[arg-type]
    )
    assert parcel @ package > parcel @ weather + 0.2


def test_a_text_s_vector_does_not_depend_on_its_company(encoder: Backend) -> None:
    texts = [f"text {'word ' * (number % 40)}{number}" for number in range(40)]
    together = asyncio.run(encoder.embed(texts))  # type: ignore[arg-type]
    alone = np.concatenate([asyncio.run(encoder.embed([text])) for text in texts[::7]])  # type: ignore[arg-type]
    assert np.einsum("nd,nd->n", together[::7], alone) == pytest.approx(1, abs=1e-3)


def test_nothing_to_embed_is_an_empty_matrix(encoder: Backend) -> None:
    assert asyncio.run(encoder.embed([])).shape == (0, MODEL.dimensions)  # type: ignore[arg-type]


def test_a_head_answers_the_question_of_its_name() -> None:
    async def ask() -> ChoiceAnswer:
        encoder = OnnxEncoder.load(MODEL, threads=1)
        yes, no = await encoder.embed(["yes please do that", "no, leave it"])
        encoder.heads["agreed"] = Head(
            "agreed", MODEL.name, MODEL.checksum, ["yes", "no"], np.stack([yes, no]) * 20,
            np.zeros(2, dtype=np.float32), thresholds=Thresholds(0.5, 0.0),
        )  # fmt: skip
        assert (await encoder.models())[0].questions == ("agreed",)
        question = Choice({"no": None, "yes": None})
        answer = (await encoder.decide(DecideRequest("any", "yes, please", {"agreed": question}))).answers[
            "agreed"
        ]
        await encoder.close()
        assert isinstance(answer, ChoiceAnswer)
        return answer

    answer = asyncio.run(ask())
    assert answer.choice == "yes"
    assert answer.probabilities["yes"] > 0.9


def test_yes_or_no_without_a_meaning_is_not_guessed(encoder: Backend) -> None:
    with pytest.raises(Unsupported, match="criteria"):
        asyncio.run(encoder.decide(DecideRequest("any", "hello", {"angry": Noul("Is the person angry?")})))  # type: ignore[arg-type]


def test_it_writes_nothing(encoder: Backend) -> None:
    with pytest.raises(Unsupported):
        asyncio.run(encoder.generate([Message("user", "hello")]))  # type: ignore[arg-type]


def test_where_models_are_forbidden_it_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALIE_FORBID_MODELS", "1")
    with pytest.raises(ModelsForbidden, match="BALIE_FORBID_MODELS"):
        OnnxEncoder.load(MODEL)
