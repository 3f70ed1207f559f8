"""What a written text may state."""

import pytest
from balie.agent.facts import unsupported
from hypothesis import given
from hypothesis import strategies as st

SOURCE = "Marit says order 10198 arrived on 4 March with a broken lid. Paid €119.00 by card."


@pytest.mark.parametrize(
    "text",
    [
        "Broken lid of order 10198",
        "Order 10198 arrived with a broken lid, says Marit.",
        "Refund asked: €119.00",
        "The lid is broken. It was paid by card.",
    ],
)
def test_what_the_source_states_is_fine(text: str) -> None:
    assert unsupported(text, [SOURCE]) == []


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Order 10199 has a broken lid", ["10199"]),
        ("The lid broke, says Jonas", ["Jonas"]),
        ("Paid €120.00", ["€120.00"]),
        ("Ask a@b.example about it", ["a@b.example"]),
    ],
)
def test_what_it_does_not_state_is_found(text: str, strange: list[str]) -> None:
    assert unsupported(text, [SOURCE]) == strange


@given(st.text(max_size=120))
def test_a_text_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == []
