"""Words that are typed badly."""

import pytest
from balie.decisions.spelling import Spelling
from balie.errors import ModelUnavailable
from hypothesis import given
from hypothesis import strategies as st

WORDS = ["where", "kettle", "batteries", "what", "have", "invoice", "something"]
SPELLING = Spelling(dict.fromkeys(WORDS, 9) | {"teh": 2, "once": 1})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wher", "where"),
        ("ketle", "kettle"),
        ("Hvae", "have"),
        ("somthnig", "something"),
        ("batteris", "batteries"),
    ],
)
def test_what_is_nearly_a_word_is_that_word(typed, read):
    assert SPELLING.respelled(f"{typed} 10234, please!") == f"{read} 10234, please!"


@pytest.mark.parametrize("said", ["teh", "law", "Sony", "HH-10001", "wh", "Groningen", "kettle", "haze"])
def test_other_words_stay(said):
    assert SPELLING.respelled(said) == said


@given(st.text(max_size=200))
def test_what_is_no_word_stays_and_a_second_time_changes_nothing(said):
    once = SPELLING.respelled(said)
    assert SPELLING.respelled(once) == once
    assert [c for c in once if not c.isalpha()] == [c for c in said if not c.isalpha()]


def test_it_is_kept_beside_the_heads(tmp_path):
    Spelling.of(["where is it", "where is that", "where is this", "where"]).save(tmp_path)
    loaded = Spelling.load(tmp_path)
    assert loaded is not None
    assert loaded.counts == {"where": 4, "is": 3}
    assert loaded.respelled("wher") == "where"
    assert Spelling.load(tmp_path / "elsewhere") is None
    (tmp_path / "words.txt").write_text("where four\n")
    with pytest.raises(ModelUnavailable, match="balie tune"):
        Spelling.load(tmp_path)
