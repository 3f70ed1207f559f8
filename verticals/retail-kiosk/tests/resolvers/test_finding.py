"""Which products are found in what people say, however they say it."""

import pytest
from balie.errors import RuleBroken
from balie_retail_kiosk.resolvers import finding

pytestmark = pytest.mark.anyio


def _told(fit):
    """A fit as a test says it: how many, and the one product or the kinds; a question mark for nothing."""
    if fit.wrong is not None:
        what = {"?"}
    else:
        what = {fit.chosen()[0].sku, " or ".join(sorted({p.category.slug for p in fit.products}))}
    count = fit.quantity or 1
    return count, what


def _meant(text):
    for part in text.split("; "):
        count, _, what = part.rpartition(" ")
        yield int(count or 1), what


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Hiya, hope you are well! Could you quote me two kettles please?", "2 kettles"),
        ("my grandson is moving next week and he needs a toaster", "toasters"),
        (
            "we live on the second floor, so a light vacuum would be lovely. can you quote me a stick vacuum?",
            "vacuum-cleaners",
        ),
        ("Football night on Saturday! I need the Meridian M55", "HH-20001"),
        (
            "this is RIDICULOUS, i have been waiting for ages, just give me three led bulbs E27",
            "3 light-bulbs",
        ),
        (
            "My daughter says I should get a robot vacuum because my back hurts, so quote me the Tide R3 please",
            "HH-30001",
        ),
        (
            "It's my wife's birthday on Friday and she loves coffee, so I want the Dune Espresso Machine Uno",
            "HH-40002",
        ),
        ("I've got a Samsung at home but I would like the Shore Soundbar S2", "HH-20101"),
        ("my neighbour bought the M55 and now I want the M50", "HH-20004"),
        ("The children broke the old TV with a football. So: one Meridian M43", "1 HH-20006"),
        ("We have three floors and two cats, which robot vacuum is cheapest?", "robot-vacuums"),
        (
            "I'm 82 years old and I don't understand these machines, but I would like to buy a radio for the kitchen",
            "radios",
        ),
        ("my printer is out of ink, so ink cartridges please", "ink-cartridges"),
        ("we have no kettle any more, so a kettle", "kettles"),
        ("I don't need a TV, only a soundbar", "soundbars"),
        ("not the M50 but the M55", "HH-20001"),
        ("A TV bracket. The TV is 55 inch.", "tv-brackets"),
        ("I need something to hang my TV on the wall, a bracket", "tv-brackets"),
        ("I need to charge my phone in the car, do you have a usb-c cable?", "usb-cables"),
        ("so my mate told me you lot sell robot vacuums, quote me the Dune one", "HH-30003"),
        ("Is the Tide R3 any good? My sister has one. Quote me that robot.", "HH-30001"),
        ("I've an old Philips kettle that leaks. A new kettle please.", "kettles"),
        ("the tv we saw on the wall there, the Shore Q65", "HH-20005"),
        ("My dear, in my day a radio cost five guilders. Now, what would a radio cost me", "radios"),
        ("uh, erm, like, two of those hdmi thingies, you know, the 2 m ones", "2 hdmi-cables"),
        ("have you got one of them telly brackets, some kind of wall mount", "tv-brackets"),
        ("I'm after one of those robot hoover things", "robot-vacuums"),
        (
            "I would like, if it is not too much trouble, young man, a quote for the following: "
            "one kettle, two toasters and a pack of AA batteries",
            "1 kettles; 2 toasters; batteries",
        ),
        ("well I was thinking maybe a sort of a tablet for the kids, the cheapest you have", "tablets"),
        ("Listen, I don't have all day, just two bloody lightbulbs", "2 light-bulbs"),
        ("can i haz 2 kettlez", "2 kettles"),
        ("i need a kettel and a tostar", "kettles; toasters"),
        ("espreso machien", "coffee-machines"),
        ("yo whats up gimme an airfryer n a blender", "air-fryers; blenders"),
        ("Sorry to bother you, my husband sent me for batteries, the AA ones", "batteries"),
        ("100 hdmi cables", "100 hdmi-cables"),
        ("a hundred and fifty led bulbs", "150 light-bulbs"),
        ("a dozen E27 bulbs please", "12 light-bulbs"),
        ("two bags of dark roast coffee beans, 1 kg each", "2 HH-40003"),
        ("the Harbour AA batteries, 8 pieces pack", "HH-60002"),
        ("a pair of bluetooth speakers", "2 bluetooth-speakers"),
        ("a pair of headphones", "1 headphones"),
        ("100 HH-50002", "100 HH-50002"),
        ("one hundred Lumen LED Bulb E27 8 W", "100 HH-50002"),
        ("a 2 slice toaster and a 4 slice toaster", "toasters; toasters"),
        ("can you set aside the M55 until five o'clock", "HH-20001"),
        ("keep three bulbs for me please, I'll come at 4", "3 light-bulbs"),
        ("a kettle please, there are four of us", "kettles"),
        ("paper filters and coffee beans, 1 kg", "coffee-accessories; HH-40003"),
        ("a hdmi cable 1 m, another of 5 m and the Meridian 43 inch TV", "HH-10002; hdmi-cables; HH-20006"),
        ("kettle toaster soundbar", "kettles; toasters; soundbars"),
        ("two kettles three toasters a soundbar", "2 kettles; 3 toasters; soundbars"),
        ("microwave fridge washing machine", "microwaves; refrigerators; washing-machines"),
        ("a M50, no wait, the M55 and an hdmi cable", "HH-20001; hdmi-cables"),
        ("a kettle, sorry, I mean a toaster", "toasters"),
        ("five kettles, no, six", "6 kettles"),
        ("three kettles, erm, no, two kettles and a blender", "2 kettles; blenders"),
        ("give me the Q65, scratch that, the Q55", "HH-20002"),
        ("a 5 meter hdmi cable and a couple of 2 meter ones", "hdmi-cables; 2 hdmi-cables"),
        ("could I have the M55, the Q55 and the O55", "HH-20001; HH-20002; HH-20003"),
        ("2 bulbs, 3 bulbs for the hall", "2 light-bulbs; 3 light-bulbs"),
        ("the coffee machine and the filters for the coffee machine", "coffee-machines; coffee-accessories"),
        ("the Q55", "HH-20002"),
        ("how much for the Q65", "HH-20005"),
        ("the Meridian M56", "?"),
        ("a ps5", "?"),
        ("a toaster oven", "?"),
        ("a laptop bag", "?"),
        ("a remote control", "?"),
        ("cordless vacuum", "vacuum-cleaners"),
        ("bluetooth headphones under 80", "headphones"),
        ("three bananas and a kettle", "3 ?; kettles"),
        ("two HH-10001 and one HH-99999", "2 HH-10001; 1 ?"),
    ],
)
async def test_what_is_wanted_is_found_and_nothing_else(say, said, meant):
    expected = list(_meant(meant))
    try:
        found = [_told(fit) for fit in await finding.read_all(say(said))]
    except RuleBroken:
        found = [(1, {"?"})]
    assert [count for count, _ in found] == [count for count, _ in expected]
    assert all(what in each for (_, each), (_, what) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("said", "tool", "meant"),
    [
        ("Is there still an M50 left? I drove all the way from Breda", "check_stock", "HH-20004"),
        ("I phoned earlier and a man said you had the Shore Q65, is that right?", "check_stock", "HH-20005"),
        ("do you have any of these left: Kestrel Kettle 1.7 l", "check_stock", "HH-50001"),
        ("I'm after the Dune espresso machine uno, have you got one here?", "check_stock", "HH-40002"),
        ("how long does the battery of the Tide R3 last", "product_details", "HH-30001"),
        ("tell me about the Shore Q55, does it have a good picture", "product_details", "HH-20002"),
        ("is the Dune Espresso Machine Uno easy to clean", "product_details", "HH-40002"),
        ("is the M55 heavy? I live on the third floor without a lift", "product_details", "HH-20001"),
        (
            "which is better, the Tide R3 or the Dune D2? my flat is 80 m2",
            "compare_products",
            "HH-30001; HH-30003",
        ),
        ("M55 or Q55 for watching football", "compare_products", "HH-20001; HH-20002"),
    ],
)
async def test_what_is_asked_about_a_product_is_no_part_of_its_name(say, said, tool, meant):
    found = [fit.chosen()[0].sku for fit in await finding.read(say(said, tool))]
    assert found == meant.split("; ")


@pytest.mark.parametrize(
    "said", ["hello", "I'm just looking thanks", "this kiosk is useless", "can you print this for me"]
)
async def test_talk_alone_names_nothing(say, said):
    assert await finding.read_all(say(said)) == []
