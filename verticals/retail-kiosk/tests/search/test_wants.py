"""What somebody wants, read from what they say."""

from decimal import Decimal

import pytest
from balie_retail_kiosk import search
from hypothesis import given
from hypothesis import strategies as st


def said(text, words):
    """Each want as (its text, quantity, words)."""
    return [(want.text, want.quantity, " ".join(want.words)) for want in search.read(text, words)]


def only(text, words):
    (want,) = search.read(text, words)
    return want


def test_message_of_the_guide(words):
    cables, tv = search.read(
        "Two HDMI cables, 2 m, and the cheapest 55 inch TV under 600, and is there a discount?", words
    )
    assert (cables.text, cables.quantity, cables.category) == ("Two HDMI cables, 2 m", 2, "hdmi-cables")
    assert [measure.kind for measure in cables.measures] == ["length"]
    assert tv.text == "cheapest 55 inch TV under 600"
    assert (tv.quantity, tv.choice, tv.price_max, tv.category) == (
        None,
        "cheapest",
        Decimal(600),
        "televisions",
    )


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("a TV, 55 inch, not more than 600 euros", [("TV, 55 inch, not more than 600 euros", None, "tv")]),
        ("3 of the bulbs and one kettle", [("3 of the bulbs", 3, "light bulb"), ("one kettle", 1, "kettle")]),
        (
            "do you have kettles, toasters and a soundbar?",
            [("kettles", None, "kettle"), ("toasters", None, "toaster"), ("soundbar", None, "soundbar")],
        ),
        (
            "2 kettles 3 toasters 1 soundbar",
            [("2 kettles", 2, "kettle"), ("3 toasters", 3, "toaster"), ("1 soundbar", 1, "soundbar")],
        ),
        (
            "3x hdmi cable 1m, 2x hdmi cable 2m",
            [("3x hdmi cable 1m", 3, "hdmi cable"), ("2x hdmi cable 2m", 2, "hdmi cable")],
        ),
        (
            "two kettles, 1.7 l, grey, under 40 euros, and a toaster",
            [("two kettles, 1.7 l, grey, under 40 euros", 2, "kettle grey"), ("toaster", None, "toaster")],
        ),
        (
            "one HDMI cable of 2 m and one of 5 m",
            [("one HDMI cable of 2 m", 1, "hdmi cable"), ("one of 5 m", 1, "hdmi cable")],
        ),
        (
            "two 2 m and three 5 m hdmi cables",
            [("two 2 m", 2, "hdmi cable"), ("three 5 m hdmi cables", 3, "hdmi cable")],
        ),
        ("hdmi cables, two of them, please", [("hdmi cables, two", 2, "hdmi cable")]),
        ("a charger, usb c, 65w", [("charger, usb c, 65w", None, "charger usbc")]),
        ("black and grey kettle", [("black and grey kettle", None, "black grey kettle")]),
        ("coffee and tea", [("coffee and tea", None, "coffee tea")]),
        ("compare the Tide R3 and the Dune D2", [("Tide R3", None, "tide r3"), ("Dune D2", None, "dune d2")]),
        (
            "compare the Meridian M55 with the Shore Q55",
            [("Meridian M55", None, "meridian m55"), ("Shore Q55", None, "shore q55")],
        ),
        (
            "hdmi cable, 1 m, 2 m and 5 m",
            [
                ("hdmi cable, 1 m", None, "hdmi cable"),
                ("2 m", None, "hdmi cable"),
                ("5 m", None, "hdmi cable"),
            ],
        ),
        ("make that four HDMI cables instead of two", [("four HDMI cables", 4, "hdmi cable")]),
        (
            "what goes with the Tide R3 robot vacuum?",
            [("Tide R3 robot vacuum", None, "tide r3 robot vacuum")],
        ),
        ("a light bulb for my kitchen", [("light bulb", None, "light bulb")]),
        ("can I get two hh-10001 and one HH-50001", [("two hh-10001", 2, ""), ("one HH-50001", 1, "")]),
        ("the Shore one", [("Shore", None, "shore")]),
    ],
)
def test_several_wants_and_what_belongs_to_which(text, wants, words):
    assert said(text, words) == wants


@pytest.mark.parametrize(
    "text",
    [
        "and is there a discount?",
        "how much are three of those together",
        "make it three",
        "two of those",
        "where is the toilet",
        "what time do you close tomorrow",
        "can I pay by card?",
        "print my quote",
        "yes",
        "cancel my reservation R-7K2M9P",
        "the cheapest one",
        "",
        "?!",
        ",,, and and",
        "a warranty of 2 years",
        "is there a 10% discount",
        "in two hours",
    ],
)
def test_what_is_no_want(text, words):
    assert search.read(text, words) == []


@pytest.mark.parametrize(
    ("text", "unknown", "known"),
    [
        ("do you sell unicorns?", ("unicorns",), ()),
        ("shoes", ("shoes",), ()),
        ("two kettles and three unicorns", ("unicorns",), ()),
        ("a purple kettle", ("purple",), ("kettle",)),
        ("biggest tv", ("biggest",), ("tv",)),
        ("a tv with two sockets", ("two", "sockets"), ("tv",)),
        ("a Meridian M56", ("M56",), ("meridian",)),
    ],
)
def test_words_that_name_nothing_here_are_told(text, unknown, known, words):
    want = search.read(text, words)[-1]
    assert (want.unknown, want.words) == (unknown, known)


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("kettel", "kettel", "kettle"),
        ("a televison", "televison", "television"),
        ("soundbr", "soundbr", "soundbar"),
        ("hmdi cable", "hmdi", "hdmi"),
        ("robot vaccum", "vaccum", "vacuum"),
        ("headphnoes", "headphnoes", "headphone"),
    ],
)
def test_corrections_are_told(text, said, meant, words):
    want = only(text, words)
    assert next(pair for pair in want.corrected if said in pair[0])[1].endswith(meant)
    assert want.unknown == ()


def test_right_words_are_not_corrected(words):
    """ "Shoe" is one letter from the brand Shore."""
    assert only("do you sell shoes", words).words == ()


def test_brand_and_category(words):
    want = only("Kestrel kettle", words)
    assert (want.brand, want.category, want.head) == ("Kestrel", "kettles", ("kettle",))
    assert only("a cable", words).category is None
    assert only("tv bracket", words).category == "tv-brackets"


@pytest.mark.parametrize(
    "digits", ["8720000100013", "87200001", "872000010001", "08720000100013", "8720000100010"]
)
def test_scanned_digits(digits, words):
    want = only(digits, words)
    assert (want.gtin, want.quantity, want.words, want.unknown) == (digits, None, (), ())


def test_without(words):
    want = only("robot vacuum without mop", words)
    assert (want.words, want.without) == (("robot", "vacuum"), ("mop",))


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


PIECES = st.sampled_from(
    [
        *NOUNS,
        "two",
        "3",
        "55 inch",
        "2 m",
        "under 600",
        "between 20 and 40 euros",
        "the cheapest",
        "and",
        ",",
        "or",
        "with",
        "for",
        "without",
        "a pair of",
        "half a dozen",
        "HH-10001",
        "8720000100013",
        "unicorn",
        "Meridian",
        "M55",
        "is there a discount?",
        "€",
        '"',
        "-",
        "'",
        "x",
        "of",
        "each",
        "max",
        "1,5",
        "è",
        "Q-7K2M9P",
        "plus",
        "one",
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=12).map(" ".join), st.text(max_size=60)))
def test_spans_lie_in_the_text_and_never_overlap(words, text):
    last = 0
    for want in search.read(text, words):
        assert last <= want.start < want.end <= len(text)
        assert want.text == text[want.start : want.end]
        assert want.words or want.unknown or want.sku or want.gtin
        assert want.quantity is None or want.quantity >= 1
        last = want.end
    search.read_one(text, words)


@pytest.mark.parametrize(
    ("text", "choice"),
    [("the most cheap kettle", "cheapest"), ("the most expensive kettle", "dearest"), ("a kettle", None)],
)
def test_the_cheapest_in_any_english(words, text, choice):
    assert only(text, words).choice == choice


@pytest.mark.parametrize("text", ["teh kettle in stok", "a kettle, is it avalable", "giv me a kettle, pleas"])
def test_mistyped_words_that_say_nothing_of_a_product(words, text):
    want = only(text, words)
    assert (want.words, want.unknown) == (("kettle",), ())


def test_a_model_that_nothing_has_stays_unknown(words):
    assert only("is the Kestrel R99 here", words).unknown == ("R99",)
