"""The numbers under barcodes: what is right, what is wrong with what is not, and what would be right."""

import pytest
from balie_retail_kiosk.services import gtin
from balie_retail_kiosk.services.errors import GtinWrong
from hypothesis import given
from hypothesis import strategies as st

lengths = st.sampled_from(gtin.LENGTHS)
bodies = lengths.flatmap(lambda length: st.text("0123456789", min_size=length - 1, max_size=length - 1))


def by_weights(body):
    """The check digit as GS1 prints the rule: weights of 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("73513537", "00000073513537"),  # GTIN-8
        ("614141000036", "00614141000036"),  # GTIN-12
        ("4006381333931", "04006381333931"),  # GTIN-13
        ("98412345678908", "98412345678908"),  # GTIN-14
        (" 4006381 333931 ", "04006381333931"),
        ("4-006381-333931", "04006381333931"),
    ],
)
def test_every_length_is_stored_alike(text, stored):
    assert gtin.normalise(text) == stored


@given(bodies)
def test_the_check_digit_is_the_one_of_the_standard(body):
    assert gtin.complete(body) == body + by_weights(body)
    assert gtin.normalise(gtin.complete(body)).endswith(gtin.complete(body))


@given(bodies, st.data())
def test_one_wrong_digit_is_always_found(body, data):
    right = gtin.complete(body)
    place = data.draw(st.integers(0, len(right) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != right[place]]))
    wrong = right[:place] + other + right[place + 1 :]
    with pytest.raises(GtinWrong) as caught:
        gtin.normalise(wrong)
    assert caught.value.facts["why"] == "check_digit"
    assert caught.value.facts["text"] == wrong
    assert caught.value.facts["right"][:-1] == wrong[:-1]
    assert gtin.normalise(caught.value.facts["right"])


@given(bodies)
def test_what_is_shown_is_read_again(body):
    stored = gtin.normalise(gtin.complete(body))
    assert gtin.normalise(gtin.shown(stored)) == stored
    assert len(gtin.shown(stored)) in gtin.LENGTHS
    assert len(gtin.shown(stored)) <= len(gtin.complete(body))


@pytest.mark.parametrize("text", ["87200001000", "1234567", "123456789012345", "1"])
def test_a_wrong_length_is_said_before_the_check_digit(text):
    with pytest.raises(GtinWrong) as caught:
        gtin.normalise(text)
    assert caught.value.facts == {"text": text, "why": "length", "right": None}
    assert f"it has {len(text)} digits" in str(caught.value)


@pytest.mark.parametrize("text", ["", "   ", "872000010001A", "HH-10001", "８７２０００１００１３", "-"])
def test_something_else_than_digits(text):
    with pytest.raises(GtinWrong) as caught:
        gtin.normalise(text)
    assert caught.value.facts["why"] == "not_digits"


def test_the_message_says_which_digit_would_be_right():
    with pytest.raises(GtinWrong, match="its last digit should be 3"):
        gtin.normalise("8720000100014")


@pytest.mark.parametrize(
    "text", ["8720000100013", "73513537", "8720000100014\n", "98412345678908", "614141000036"]
)
def test_digits_as_a_scanner_types_them(text):
    assert gtin.looks_scanned(text)


@pytest.mark.parametrize(
    "text", ["", "55", "HH-10001", "8720000 100013", "123456789", "two 8720000100013", "٨٧٢٠٠٠٠١"]
)
def test_what_nobody_scanned(text):
    assert not gtin.looks_scanned(text)
