"""What is named by a model, in other words, beside what is not there, or after what was spoken of."""

import pytest
from balie.errors import RuleBroken
from balie_retail_kiosk.resolvers import items, product, several

pytestmark = pytest.mark.anyio


async def _found(resolver, context):
    """The products that are found, each list as SKU:count; or what is wrong."""
    try:
        found = [each.value for each in await resolver(context)]
    except RuleBroken as error:
        return error.slug
    lists = [value if isinstance(value, list) else [value] for value in found]
    return " | ".join(
        " ".join(one if isinstance(one, str) else f"{one.product}:{one.quantity}" for one in each)
        for each in lists
    )


@pytest.mark.parametrize(
    ("said", "then"),
    [
        # A number that a name ends in counts nothing after a comma.
        ("one white toaster Alba 2 and two black Alba 2", "HH-73506:1 HH-73507:2"),
        ("two white Orvane table fans 30", "HH-73909:2"),
        ("a Veldt oil radiator Oil 7", "HH-73923:1"),
        ("two Orvane Go 2 robots", "HH-71510:2"),
        ("two robot vacuums", "HH-71523:2"),
        ("one 8 pack of Harbour AA batteries", "HH-60002:1"),
        ("two packets of Harbour AA batteries, eight pieces", "HH-60002:2"),
        ("an H30 black and an H30 colour", "HH-72322:1 HH-72323:1"),
        ("two black Brink switch power strips with 6 sockets", "HH-71414:2"),
        ("three red usb c to usb c cables of 1 m", "HH-71019:3"),
        ("one black usb a to usb c cable of 2 m", "HH-71009:1"),
        ("the juice two in red", "HH-73636:1"),
        # What puts a number right leaves alone what was said before it.
        ("a Kestrel kettle 1.7 l and also four, no sorry, five Lumen E27 8 W bulbs", "HH-50001:1 HH-50002:5"),
        ("two, sorry, three Kestrel kettles 1.7 l", "HH-50001:3"),
        # Under a heading, in other words
        ("two kettles, the Alba Select 1.5 l in sand", "HH-73413:2"),
        ("a toaster, the Alba 4 in black", "HH-73510:1"),
        ("a juicer from Veldt, the grey one, the Juice 2", "HH-73635:1"),
        ("the tv, the Q55", "HH-20002:1"),
        ("the M55, the Q55", "HH-20001:1 HH-20002:1"),
        # How it is dictated, and how it is typed
        ("one Noor toaster mini in blue new line one Dune Blender Jar in sand", "HH-73537:1 HH-73607:1"),
        ("pls giv me teh Kestrel ketle 1.7 l", "HH-50001:1"),
    ],
)
async def test_which_product_is_named(say, said, then):
    assert await _found(items, say(said)) == then


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("compare two espresso machines: the Dune Uno and the Leva Pro in black", "HH-40002 HH-73127"),
        ("compare the Slate 10.9 128 GB silver with the Tab Note 11 green", "HH-72007 HH-72035"),
        ("compare the S2 with the S1 soundbar", "HH-20101 HH-74401"),
        ("compare the S2 with the Z99 soundbar", "nothing-fits"),
        ("Buds 1 white or Buds Pro white", "HH-74711 HH-74715"),
    ],
)
async def test_what_is_compared(say, said, then):
    assert await _found(several, say(said, "compare_products")) == then


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("which ink goes in my Jet 30, the white one", "HH-72218"),
        ("I have a Jet 70 at home, the white one. which ink is for it", "HH-72222"),
        ("what dust bags fit the Tide B5 in black", "HH-71614"),
        ("toner for a Quillon L140", "HH-72216"),
    ],
)
async def test_what_an_accessory_is_for(say, said, then):
    assert await _found(product, say(said, "find_accessories")) == then


@pytest.mark.parametrize(
    ("spoken", "said", "then"),
    [
        ("HH-73423", "and in cream?", "HH-73422"),
        ("HH-73423", "and the 1.2 litre one?", "HH-73419"),
        ("HH-73433", "oh and how about white", "HH-73432"),
        ("HH-73433", "and in purple?", "nothing-fits"),
        ("HH-74827", "is it waterproof", "HH-74827"),
        ("HH-10001", "the 5 m one", "HH-10003"),
    ],
)
async def test_the_same_in_another_colour_or_size(say, spoken, said, then):
    assert await _found(product, say(said, "check_stock", last="check_stock", product=spoken)) == then


async def test_of_two_that_were_listed_the_other_one(say):
    running = [{"product": "HH-71528", "quantity": 1}]
    listed = ["HH-71528", "HH-71529"]
    context = say("no, the other one", last="make_quote", products=listed, items=running)
    assert await _found(items, context) == "HH-71529:1"


@pytest.mark.parametrize(
    ("resolver", "tool", "missing"),
    [(items, "make_quote", "[?mouse pad]"), (product, "check_stock", "[?mouse pad]")],
)
async def test_what_nothing_fits_is_told_beside_what_is_there(say, resolver, tool, missing):
    (found,) = await resolver(say("a mouse pad and the Kestrel kettle 1.7 l", tool))
    assert missing in found.parts
    assert "HH-50001" in str(found.value)


async def test_a_size_that_no_product_has_is_never_another_one(say):
    assert await _found(product, say("batteries for a hearing aid, size A312", "check_stock")) == "HH-71333"
    for said in ("batteries of size A999", "is the Tide R77 here", "is the Haldane Jet 90 in stock"):
        assert await _found(product, say(said, "check_stock")) == "nothing-fits"
