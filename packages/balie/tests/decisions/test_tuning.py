"""Making heads out of examples, with the real encoder."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from balie.backends.onnx_encoder import OnnxEncoder
from balie.decisions import lexical
from balie.decisions.cards import Card
from balie.decisions.heads import OUT_OF_SCOPE, Head, load_all, read_card
from balie.decisions.tuning import tune
from balie.errors import ConfigError
from balie.models import catalog

pytestmark = pytest.mark.models

EXAMPLES = {
    "command": {
        "lookup_order": [
            "where is my order", "what is the status of order 10234", "has 10240 left yet", "order status please",
            "tell me about my last order", "is my order on its way", "what did I order", "show me order 11111",
            "any news on my order", "when will order 10234 arrive", "my order, where is it", "check order 20202",
        ],
        "cancel_order": [
            "cancel my order", "please cancel 10234", "I don't want it any more, cancel it", "stop order 10240",
            "can you cancel the order", "cancel that purchase", "call off my order", "I ordered by mistake, cancel",
            "get rid of order 33333", "undo my purchase", "please stop my order", "cancel the whole thing",
        ],
        "reset_password": [
            "I forgot my password", "reset my password", "can't sign in", "I am locked out of my account",
            "new password please", "my login does not work", "send me a password link", "password reset",
            "I can't log in any more", "how do I get a new password", "my password is wrong", "change my password",
        ],
        OUT_OF_SCOPE: [
            "what is the capital of France", "tell me a joke about cats", "write me a poem", "who won the match",
            "solve this equation", "translate this to Spanish", "how tall is the Eiffel tower", "book me a flight",
            "what's the weather tomorrow", "recommend a film", "how do I bake bread", "who is the president",
            "play some music", "is there life on Mars", "sell me a car", "what is your favourite colour",
            "explain gravity", "how old is the universe", "name a river in Africa", "what time is it in Tokyo",
        ],
    },
    "mood": {
        "calm": ["thank you", "please help me", "hello there", "could you look", "that is fine", "all good, thanks"],
        "upset": [
            "this is a disgrace", "I am furious", "worst shop ever", "you people are useless", "I'm so angry",
            "unacceptable!!!",
        ],
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> Iterator[OnnxEncoder]:
    loaded = OnnxEncoder.load(catalog.model("minilm-l6-int8"), threads=1)
    yield loaded
    asyncio.run(loaded.close())


@pytest.fixture(scope="module")
def tuned(
    encoder: OnnxEncoder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[Card], list[int]]:
    folder, steps = tmp_path_factory.mktemp("heads"), []
    totals = set()

    def told(done: int, total: int, what: str) -> None:
        assert what
        steps.append(done)
        totals.add(total)

    cards = asyncio.run(tune(EXAMPLES, encoder, folder, told))
    assert totals == {len(steps)}
    return folder / encoder.name, cards, steps


def ask(encoder: OnnxEncoder, head: Head, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    vectors = asyncio.run(encoder.embed([lexical.prepared(text) for text in texts]))
    terms = lexical.all_terms(texts)
    return head.probabilities(vectors, terms), head.inside(vectors, terms)


def test_a_head_knows_what_it_was_never_shown(
    encoder: OnnxEncoder, tuned: tuple[Path, list[Card], list[int]]
) -> None:
    head = load_all(tuned[0])["command"]
    said = ["where's order 55555?", "pls cancel this order", "locked out, need a new password"]
    found, _ = ask(encoder, head, said)
    assert [head.labels[best] for best in found.argmax(axis=1)] == [
        "lookup_order",
        "cancel_order",
        "reset_password",
    ]


def test_what_has_nothing_to_do_with_it_lies_outside(
    encoder: OnnxEncoder, tuned: tuple[Path, list[Card], list[int]]
) -> None:
    head = load_all(tuned[0])["command"]
    _, inside = ask(encoder, head, ["where is order 55555", "how deep is the ocean"])
    assert inside[0] > inside[1] + 0.3


def test_which_number_it_is_does_not_change_the_reading(
    encoder: OnnxEncoder, tuned: tuple[Path, list[Card], list[int]]
) -> None:
    found, _ = ask(encoder, load_all(tuned[0])["command"], ["please cancel 10234", "please cancel 99821"])
    assert found[0] == pytest.approx(found[1], abs=1e-6)


def test_the_card_says_how_it_was_made_and_how_good_it_is(tuned: tuple[Path, list[Card], list[int]]) -> None:
    folder, (command, mood), _ = tuned
    assert command.question == "command"
    assert command.examples == {
        "lookup_order": 12,
        "cancel_order": 12,
        "reset_password": 12,
        OUT_OF_SCOPE: 20,
    }
    assert command.encoder_sha256 == catalog.model("minilm-l6-int8").checksum
    assert command.accuracy > 0.8
    assert command.outside is not None
    assert 0 <= command.outside.recall <= 1
    assert command.baseline.outside is not None
    assert mood.outside is None
    assert mood.threshold_inside == 0
    written = read_card(folder / "command.npz")
    assert written["accuracy"] == command.accuracy
    assert written["examples"]["lookup_order"] == 12
    assert written["outside"]["recall"] == command.outside.recall
    assert "seconds" not in written


def test_progress_counts_up_to_the_total(tuned: tuple[Path, list[Card], list[int]]) -> None:
    steps = tuned[2]
    assert steps == list(range(1, len(steps) + 1))


def test_the_same_examples_make_the_same_head(
    encoder: OnnxEncoder, tuned: tuple[Path, list[Card], list[int]], tmp_path: Path
) -> None:
    asyncio.run(tune(EXAMPLES, encoder, tmp_path))
    for name in ("command.npz", "command.toml", "mood.npz", "mood.toml"):
        assert (tmp_path / encoder.name / name).read_bytes() == (tuned[0] / name).read_bytes()


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        ({"command": {"one": ["a", "b", "c", "d", "e"]}}, "1 labels"),
        ({"command": {"one": ["a", "b", "c", "d", "e"], "two": ["f"]}}, "command.two has 1 examples"),
        (
            {"command": {"one": list("abcde"), "two": ["f", "g", "h", "i", "A"]}},
            "“A” stands under command.one",
        ),
    ],
)
def test_examples_that_can_t_be_learned_from_are_refused(
    encoder: OnnxEncoder, tmp_path: Path, examples: dict[str, dict[str, list[str]]], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        asyncio.run(tune(examples, encoder, tmp_path))
