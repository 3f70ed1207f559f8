"""Cutting messages into parts."""

import pytest
from balie.agent.clauses import clauses
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("where is my order", ["where is my order"]),
        ("where is 10234 and cancel my lamp", ["where is 10234", "cancel my lamp"]),
        ("Cancel 10240. Also, call me tomorrow!", ["Cancel 10240.", "call me tomorrow!"]),
        ("Cancel 10240. Also: are you open?", ["Cancel 10240.", "are you open?"]),
        ("is it in & where is it", ["is it in", "where is it"]),
        ("cancel 10240 and 10252", ["cancel 10240 and 10252"]),
        ("where is it, thanks", ["where is it, thanks"]),
        ("mail marit.devries@example.org about it", ["mail marit.devries@example.org about it"]),
    ],
)
def test_cuts(message: str, parts: list[str]) -> None:
    assert [part.text for part in clauses(message)] == parts


@given(st.text(max_size=200))
def test_parts_stand_where_they_say_in_order_and_apart(message: str) -> None:
    end = 0
    for part in clauses(message):
        assert message[part.start : part.end] == part.text
        assert part.start >= end
        end = part.end


@given(
    st.lists(
        st.sampled_from(["cancel my order", "where is it", "call me back", "my hub is broken"]), min_size=1
    )
)
def test_no_word_is_lost(wishes: list[str]) -> None:
    message = " and ".join(wishes)
    assert " and ".join(part.text for part in clauses(message)).split() == message.split()
