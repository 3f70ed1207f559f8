"""Where something is, and numbers as people read them out."""

import pytest
from balie_retail_kiosk.resolvers import place, product, quote, reservation

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("where is the Meridian M55", ["HH-20001"]),
        ("in which aisle is the Kestrel Kettle 1.7 l", ["HH-50001"]),
        ("where is the Dune espresso machine uno", ["HH-40002"]),
        ("where are the hdmi cables 2 m", ["hdmi-cables"]),
        ("where are the 55 inch tvs", ["televisions"]),
        ("hello, my feet hurt, where are the televisions?", ["televisions"]),
        ("can you point me to the kettles and toasters", ["kettles", "toasters"]),
        ("where do I find the Shore Soundbar S2 and the toilets", ["HH-20101", "toilets"]),
        ("where is the coffee corner", ["coffee-corner"]),
        ("where's the toilet, my kid needs to go", ["toilets"]),
        ("where do i pay for the kettle", ["tills"]),
        ("where are the filters", ["vacuum-accessories", "coffee-accessories"]),
        ("where is the swimming pool", ["swimming pool"]),
    ],
)
async def test_a_product_has_a_shelf_and_a_kind_a_department(say, said, places):
    assert {found.value for found in await place(say(said, "find_place"))} == set(places)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("print q 7k3 f9m", "Q-7K3F9M"),
        ("quote Q-7K3F9M", "Q-7K3F9M"),
        ("q-7k3-f9m", "Q-7K3F9M"),
        ("Q.7K3.F9M", "Q-7K3F9M"),
        ("q 7 k 3 f 9 m", "Q-7K3F9M"),
        ("quote number 7k3f9m please", "Q-7K3F9M"),
        ("print quote q seven k three f nine m", "Q-7K3F9M"),
        ("print the quote Q-ABCDEF", "Q-ABCDEF"),
        ("Q-OIL123", "Q-011123"),
        ("the Q 55 inch tv", None),
        ("quote two kettles and a toaster", None),
        ("the R3 robot vacuum", None),
    ],
)
async def test_a_quote_is_read_as_it_is_said(say, said, number):
    assert [found.value for found in await quote(say(said, "print_quote"))] == ([number] if number else [])


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("cancel r 7k3 f9m", "R-7K3F9M"),
        ("reservation 7K3F9M", "R-7K3F9M"),
        ("reservation number R 7K 3F 9M", "R-7K3F9M"),
        ("cancel reservation r seven k three f nine m", "R-7K3F9M"),
        ("reserve 2 toasters and R3 robot", None),
        ("reservation for two kettles", None),
        ("the r 3 robot vacuum", None),
    ],
)
async def test_a_reservation_is_read_as_it_is_said(say, said, number):
    found = await reservation(say(said, "cancel_reservation"))
    assert [each.value for each in found] == ([number] if number else [])


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("is 8720000100013 in stock and HH-99999", ["HH-99999", "HH-10001"]),
        ("8720000200011 or HH-10001", ["8720000200011", "HH-10001"]),
    ],
)
async def test_what_is_wrong_stays_beside_what_is_right(say, said, values):
    assert [found.value for found in await product(say(said, "check_stock"))] == values
