"""Quantities, measures, prices and superlatives, read from what people say."""

from decimal import Decimal

import pytest
from balie_retail_kiosk import search
from hypothesis import given
from hypothesis import strategies as st


def only(text, words):
    (want,) = search.read(text, words)
    return want


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("a kettle", None),
        ("one kettle", 1),
        ("two kettles", 2),
        ("12 kettles", 12),
        ("3x kettle", 3),
        ("3 x kettle", 3),
        ("kettle x 3", 3),
        ("kettles x3", 3),
        ("a pair of kettles", 2),
        ("a couple of kettles", 2),
        ("couple of kettles", 2),
        ("a dozen kettles", 12),
        ("two dozen kettles", 24),
        ("half a dozen kettles", 6),
        ("twenty-four kettles", 24),
        ("kettle, 4 pieces", None),
        ("two pieces of the kettle", 2),
        ("55 TVs", 55),
        ("a pair of headphones", 1),
        ("two pairs of headphones", 2),
        ("4 packs of 8 AAA batteries", 4),
        ("two packs of coffee beans", 2),
        ("two 8-packs of AA batteries", 2),
        ("a toaster for 4 slices", None),
        ("Harbour Hub 2", None),
        ("two Harbour Hub 2", 2),
        ("about 20 bulbs", 20),
        ("more than two kettles", 2),
    ],
)
def test_quantities(text, quantity, words):
    assert only(text, words).quantity == quantity


@pytest.mark.parametrize(
    "text",
    [
        "55 inch tv",
        "a 55 tv",
        "tv 55",
        "55 TV",
        "1.7 litre kettle",
        "hdmi 2.1 cable",
        "an 8-pack of AA batteries",
        "bulb 8w",
        "Tide R3",
    ],
)
def test_number_of_a_measure_or_a_name_is_no_quantity(text, words):
    assert only(text, words).quantity is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("under 600", None, 600),
        ("below €600", None, 600),
        ("not more than 600 euros", None, 600),
        ("max €50", None, 50),
        ("up to 50 euro", None, 50),
        ("at most 49.95", None, "49.95"),
        ("600 euros or less", None, 600),
        ("for 500 euros", None, 500),
        ("with a budget of 500", None, 500),
        ("under six hundred euros", None, 600),
        ("under €1,099", None, 1099),
        ("under 1.099 euros", None, 1099),
        ("under 49,95", None, "49.95"),
        ("over 100", 100, None),
        ("at least 100 euros", 100, None),
        ("more than €100", 100, None),
        ("between 20 and 40 euros", 20, 40),
        ("between 20 and 40", 20, 40),
        ("20 to 40 euros", 20, 40),
        ("from 20 to 40 euros", 20, 40),
        ("€20-€40", 20, 40),
        ("between one hundred and two hundred", 100, 200),
        ("around 300", 240, 360),
        ("about 300 euros", 240, 360),
        ("over 20 and under 40 euros", 20, 40),
        ("around €35", 28, 42),
    ],
)
def test_price_limits(text, low, high, words):
    want = only(f"a kettle {text}", words)
    assert want.price_min == (None if low is None else Decimal(low))
    assert want.price_max == (None if high is None else Decimal(high))
    assert (want.words, want.measures, want.quantity, want.unknown) == (("kettle",), (), None, ())


def test_limit_may_come_first(words):
    want = only("under 50 euros, do you have kettles?", words)
    assert (want.words, want.price_max) == (("kettle",), Decimal(50))


def test_what_another_shop_asks_is_no_limit(words):
    want = only("I saw the Meridian M55 for 449 euros at MegaShop, can you match that?", words)
    assert (want.words, want.price, want.price_max, want.unknown) == (
        ("meridian", "m55"),
        Decimal(449),
        None,
        (),
    )
    assert only("a tv for 449 euros", words).price_max == Decimal(449)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("55 inch", "length", 1.397),
        ("55inch", "length", 1.397),
        ('55"', "length", 1.397),
        ("55”", "length", 1.397),
        ("55''", "length", 1.397),
        ("55-inch", "length", 1.397),
        ("55in", "length", 1.397),
        ("140 cm", "length", 1.4),
        ("fifty five inch", "length", 1.397),
        ("2 m", "length", 2),
        ("2m", "length", 2),
        ("2 metres", "length", 2),
        ("2 meter", "length", 2),
        ("200 cm", "length", 2),
        ("2000 mm", "length", 2),
        ("two metre", "length", 2),
        ("one and a half metres", "length", 1.5),
        ("2,5 m", "length", 2.5),
        ("half a metre", "length", 0.5),
        ("6 feet", "length", 1.8288),
        ("60 cm wide", "width", 0.6),
        ("60 cm high", "height", 0.6),
        ("65w", "power", 65),
        ("65 W", "power", 65),
        ("2.2 kw", "power", 2200),
        ("1.7 litre", "volume", 1.7),
        ("1.7l", "volume", 1.7),
        ("1,7 l", "volume", 1.7),
        ("500 ml", "volume", 0.5),
        ("1 kg", "weight", 1000),
        ("500 grams", "weight", 500),
        ("a kilo", "weight", 1000),
        ("128 GB", "data", 128),
        ("1tb", "data", 1000),
        ("10000 mAh", "charge", 10000),
        ("120hz", "frequency", 120),
        ("2700K", "colour", 2700),
        ("806 lumen", "light", 806),
        ("18 v", "voltage", 18),
        ("15 bar", "pressure", 15),
        ("pack of 8", "pieces", 8),
        ("8-pack", "pieces", 8),
    ],
)
def test_measures(text, kind, value, words):
    want = only(f"kettle, {text}", words)
    (measure,) = want.measures
    assert measure.kind == kind
    assert measure.low <= value <= measure.high
    assert measure.high - measure.low <= value * 0.051
    assert (want.words, want.quantity, want.unknown) == (("kettle",), None, ())


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("at least 55 inch", 65, 50),
        ("55 inch or more", 65, 50),
        ("up to 55 inch", 43, 65),
        ("under 55 inch", 43, 65),
        ("between 50 and 60 inch", 55, 43),
        ("50 to 60 inch", 55, 65),
        ("50-60 inch", 55, 65),
        ("not more than 55 inch", 50, 65),
    ],
)
def test_measures_have_limits_too(text, inside, outside, words):
    want = only(f"a tv {text}", words)
    (measure,) = want.measures
    assert measure.low <= inside * 0.0254 <= measure.high
    assert not measure.low <= outside * 0.0254 <= measure.high
    assert (want.price_min, want.price_max) == (None, None)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("the cheapest tv", "cheapest"),
        ("a cheap tv", "cheapest"),
        ("the least expensive tv", "cheapest"),
        ("chepest tv", "cheapest"),
        ("the most expensive tv", "dearest"),
        ("the dearest tv", "dearest"),
        ("your best tv", "best"),
        ("a tv, the cheapest one", "cheapest"),
        ("a tv", None),
    ],
)
def test_choices(text, choice, words):
    want = only(text, words)
    assert (want.choice, want.words) == (choice, ("tv",))


NOUNS = [
    "kettle",
    "toaster",
    "soundbar",
    "hdmi cable",
    "robot vacuum",
    "light bulb",
    "charger",
    "memory card",
]
NUMBERS = {1: "one", 2: "two", 3: "three", 7: "seven", 12: "twelve", 20: "twenty", 45: "forty-five"}


@given(
    st.lists(
        st.tuples(st.sampled_from(NOUNS), st.sampled_from(sorted(NUMBERS)), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([", ", " and ", ", and ", "; ", " plus "]),
)
def test_every_item_of_a_list_keeps_its_quantity(words, items, joint):
    text = joint.join(f"{NUMBERS[n] if spelled else n} {noun}s" for noun, n, spelled in items)
    assert [(want.quantity, " ".join(want.words)) for want in search.read(text, words)] == [
        (n, noun) for noun, n, _spelled in items
    ]


@given(
    st.integers(1, 400),
    st.sampled_from([("m", 1), ("cm", 0.01), ("inch", 0.0254), ("mm", 0.001)]),
    st.booleans(),
)
def test_a_length_is_the_same_in_every_unit(words, number, unit, glued):
    name, factor = unit
    want = only(f"hdmi cable {number}{'' if glued else ' '}{name}", words)
    (measure,) = want.measures
    assert measure.low <= number * factor <= measure.high
    assert want.quantity is None
