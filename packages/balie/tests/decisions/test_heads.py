"""Heads: their arithmetic, their files, and what they refuse."""

from pathlib import Path

import numpy as np
import pytest
from balie.decisions.heads import OUT_OF_SCOPE, Head, Thresholds, load_all, read_card
from balie.decisions.lexical import WIDTH, all_terms
from balie.errors import ModelMismatch, ModelUnavailable
from hypothesis import given
from hypothesis import strategies as st

LABELS = ["lookup_order", "cancel_order", "confirm", OUT_OF_SCOPE]
DIMENSIONS = 8
SEED = st.integers(0, 2**32 - 1)


def make(
    seed: int = 0, rows: list[str] | None = None, temperature: float = 0.7, lexical: bool = True
) -> Head:
    rows = rows or [*LABELS, OUT_OF_SCOPE, OUT_OF_SCOPE]
    random = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32) * 3

    words = {"lexical": numbers(len(rows), WIDTH), "rarity": np.abs(numbers(WIDTH)) + 1} if lexical else {}
    return Head(
        "command", "an-encoder", "c" * 64, rows, numbers(len(rows), DIMENSIONS), numbers(len(rows)), **words,
        temperature=temperature, thresholds=Thresholds(0.6, 0.5),
    )  # fmt: skip


def vectors(seed: int, count: int) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@given(SEED, st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_probabilities_are_a_distribution_whatever_is_said(seed: int, texts: list[str]) -> None:
    found = make(seed).probabilities(vectors(seed, len(texts)), all_terms(texts))
    assert found.shape == (len(texts), len(LABELS))
    assert (found >= 0).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-5)


@given(SEED, st.sets(st.sampled_from(LABELS), min_size=1))
def test_what_is_not_legal_gets_nothing_and_the_rest_keeps_its_proportions(
    seed: int, legal: set[str]
) -> None:
    head, seen, terms = make(seed), vectors(seed, 3), all_terms(["a", "some words", ""])
    free, masked = head.probabilities(seen, terms), head.probabilities(seen, terms, legal)
    allowed = np.array([label in legal for label in head.labels])
    assert (masked[:, ~allowed] == 0).all()
    assert masked.sum(axis=1) == pytest.approx(1, abs=1e-5)
    kept = free[:, allowed].astype(np.float64)
    if (kept.sum(axis=1) > 1e-3).all():
        assert masked[:, allowed] == pytest.approx(kept / kept.sum(axis=1, keepdims=True), abs=1e-3)


@given(SEED)
def test_inside_is_what_out_of_scope_is_not(seed: int) -> None:
    head, seen, terms = make(seed), vectors(seed, 3), all_terms(["one", "two", "three"])
    outside = head.probabilities(seen, terms)[:, head.labels.index(OUT_OF_SCOPE)]
    assert head.inside(seen, terms) == pytest.approx(1 - outside, abs=1e-5)


def test_several_rows_of_a_label_are_one_label() -> None:
    head = make()
    assert head.labels == tuple(LABELS)
    assert len(head.rows) == len(LABELS) + 2


def test_a_head_without_an_outside_takes_everything_to_be_inside() -> None:
    assert make(rows=["yes", "no"]).inside(vectors(0, 2), all_terms(["a", "b"])).tolist() == [1, 1]


def test_a_head_without_words_reads_vectors_alone() -> None:
    head = make(lexical=False)
    assert head.probabilities(vectors(0, 2)).sum(axis=1) == pytest.approx(1)


def test_a_head_with_words_does_not_go_without() -> None:
    with pytest.raises(ValueError, match="n-grams"):
        make().probabilities(vectors(0, 2))


def test_nothing_legal_is_an_error_and_no_even_guess() -> None:
    with pytest.raises(ValueError, match="legal"):
        make().probabilities(vectors(0, 1), all_terms(["a"]), ["unknown"])


@pytest.mark.parametrize("lexical", [True, False])
def test_what_is_saved_is_what_is_loaded(tmp_path: Path, lexical: bool) -> None:
    head = make(lexical=lexical)
    path = head.save(tmp_path / "an-encoder", 'question = "command"\n')
    (loaded,) = load_all(tmp_path / "an-encoder").values()
    seen, terms = vectors(1, 4), all_terms(["where is it", "stop", "", "x" * 99])
    assert loaded.probabilities(seen, terms) == pytest.approx(head.probabilities(seen, terms), abs=5e-3)
    assert (loaded.labels, loaded.rows, loaded.thresholds) == (head.labels, head.rows, head.thresholds)
    assert (loaded.encoder, loaded.checksum) == (head.encoder, head.checksum)
    assert read_card(path) == {"question": "command"}


def test_the_same_head_makes_the_same_file(tmp_path: Path) -> None:
    first, second = make().save(tmp_path / "a", ""), make().save(tmp_path / "b", "")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("content", [b"", b"not a head", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "command.npz").write_bytes(content)
    with pytest.raises(ModelUnavailable, match="balie tune"):
        Head.load(tmp_path / "command.npz")


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ModelUnavailable, match="not whole"):
        Head(
            "q", "e", "c", ["a", "b"], np.zeros((3, 8), dtype=np.float32), np.zeros(2, dtype=np.float32),
            thresholds=Thresholds(0.5, 0.5),
        )  # fmt: skip


def test_another_encoder_file_is_refused_whatever_its_name() -> None:
    head = make()
    head.check_encoder("an-encoder", "c" * 64, DIMENSIONS, "customer-service")
    with pytest.raises(ModelMismatch, match=r"cccccccccccc.*dddddddddddd.*balie tune customer-service"):
        head.check_encoder("an-encoder", "d" * 64, DIMENSIONS, "customer-service")


@pytest.mark.parametrize(
    ("commands", "words"),
    [
        (["lookup_order", "cancel_order", "confirm", "new_command"], "does not know new_command"),
        (["lookup_order", "confirm"], "knows cancel_order, which customer-service does not have"),
    ],
)
def test_another_set_of_commands_is_refused(commands: list[str], words: str) -> None:
    with pytest.raises(ModelMismatch, match=f"{words}.*balie tune customer-service"):
        make().check_labels(commands, "customer-service")


def test_out_of_scope_need_not_be_named_among_the_commands() -> None:
    make().check_labels(["lookup_order", "cancel_order", "confirm"], "customer-service")
    make().check_labels(LABELS, "customer-service")
