"""Lists of products: what is named, what is changed of a running list, what is no product in it."""

import pytest
from balie.errors import RuleBroken
from balie_retail_kiosk.resolvers import items

pytestmark = pytest.mark.anyio

RUNNING = "HH-10001:2 HH-20001:1 HH-50001:1 HH-50002:5"


def _listed(text):
    return [
        {"product": sku, "quantity": int(count)}
        for sku, _, count in (each.partition(":") for each in text.split())
    ]


async def _lists(context):
    """The lists that are found, or what is wrong."""
    try:
        found = await items(context)
    except RuleBroken as error:
        return error.slug
    return " | ".join(" ".join(f"{item.product}:{item.quantity}" for item in one.value) for one in found)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("remove the kettle and the bulbs", "HH-10001:2 HH-20001:1"),
        ("take the kettle off again", "HH-10001:2 HH-20001:1 HH-50002:5"),
        ("take the M50 instead of the M55", "HH-10001:2 HH-20004:1 HH-50001:1 HH-50002:5"),
        ("swap the M55 for an M43", "HH-10001:2 HH-20006:1 HH-50001:1 HH-50002:5"),
        (
            "I'd rather have the M50 than... no, the M43 instead of the M55",
            "HH-10001:2 HH-20006:1 HH-50001:1 HH-50002:5",
        ),
        ("three more bulbs please", "HH-10001:2 HH-20001:1 HH-50001:1 HH-50002:8"),
        ("no TV after all", "HH-10001:2 HH-50001:1 HH-50002:5"),
        ("I don't need the kettle, my sister gave me one", "HH-10001:2 HH-20001:1 HH-50002:5"),
        ("not the kettle", "HH-10001:2 HH-20001:1 HH-50002:5"),
        ("remove two of the bulbs", "HH-10001:2 HH-20001:1 HH-50001:1 HH-50002:3"),
        ("make the bulbs ten", "HH-10001:2 HH-20001:1 HH-50001:1 HH-50002:10"),
        ("make the cables three, no, four", "HH-10001:4 HH-20001:1 HH-50001:1 HH-50002:5"),
        (
            "add a Dune espresso machine uno and take off the TV",
            "HH-10001:2 HH-50001:1 HH-50002:5 HH-40002:1",
        ),
        (
            "my husband says we have enough bulbs, so remove the bulbs please",
            "HH-10001:2 HH-20001:1 HH-50001:1",
        ),
        ("erm, like, two more of the cables", "HH-10001:4 HH-20001:1 HH-50001:1 HH-50002:5"),
        ("and the Shore Soundbar S2 as well", "HH-10001:2 HH-20001:1 HH-50001:1 HH-50002:5 HH-20101:1"),
        (
            "replace the kettle with two Dune Drip Coffee Makers",
            "HH-10001:2 HH-20001:1 HH-40001:2 HH-50002:5",
        ),
        ("change the tv to the Q55", "HH-10001:2 HH-20002:1 HH-50001:1 HH-50002:5"),
        ("everything except the kettle", "HH-10001:2 HH-20001:1 HH-50002:5"),
        ("leave out the cables and the tv", "HH-50001:1 HH-50002:5"),
    ],
)
async def test_a_running_list_is_changed(say, said, then):
    assert await _lists(say(said, last="make_quote", items=_listed(RUNNING))) == then


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("and three more of those", "HH-30001:4"),
        ("make that two", "HH-30001:2"),
        ("same again", "HH-30001:1"),
        ("another one", "HH-30001:2"),
    ],
)
async def test_a_list_of_one_thing(say, said, then):
    assert await _lists(say(said, last="make_quote", items=_listed("HH-30001:1"))) == then


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("two kettles of which... no, one Kestrel Kettle 1.7 l", "HH-50001:1"),
        ("the M55 instead of the M50", "HH-20001:1"),
        ("give me the M55 rather than the Q55", "HH-20001:1"),
        ("HH-10001 and 8720000200011", "8720000200011:1 | HH-10001:1"),
        ("two HH-10001 and one HH-99999", "HH-99999:1 | HH-10001:2"),
        ("100 HH-50002", "too-many"),
        ("one hundred Lumen LED Bulb E27 8 W", "too-many"),
        ("two M55, two M55", "HH-20001:4"),
    ],
)
async def test_a_new_list(say, said, then):
    assert await _lists(say(said)) == then
