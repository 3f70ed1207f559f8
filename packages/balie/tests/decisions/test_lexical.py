"""The words of a message as numbers."""

from balie.decisions.lexical import WIDTH, all_terms, prepared, terms
from hypothesis import given
from hypothesis import strategies as st


@given(st.text(max_size=200))
def test_any_text_fills_buckets_that_exist(text: str) -> None:
    found = terms(text)
    assert all(0 <= bucket < WIDTH and weight >= 1 for bucket, weight in found)
    assert [bucket for bucket, _ in found] == sorted({bucket for bucket, _ in found})
    assert found == terms(text)


def test_hashing_is_the_same_on_every_machine() -> None:
    assert [bucket for bucket, _ in terms("no")] == [424, 1298, 1375, 2079, 2200, 2562]
    assert terms("") == []


def test_capitals_widths_and_which_number_it_is_do_not_count() -> None:
    assert terms("Where is ORDER 10234") == terms("where is order 98765")
    assert prepared("order 10234, please") == prepared("order 99999, please")
    assert prepared("２ lamps") == "2 lamps"


def test_a_typo_costs_a_few_n_grams_only() -> None:
    right, wrong, other = (
        {bucket for bucket, _ in terms(text)} for text in ("password", "pasword", "delivery")
    )
    assert len(right & wrong) > 3 * len(right & other)


def test_word_order_counts() -> None:
    assert terms("send back money") != terms("money back send")
    assert len(all_terms(["a", "b"])) == 2
