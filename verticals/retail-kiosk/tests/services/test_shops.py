"""Shops: which one this is, when it is open, and where things are."""

from datetime import UTC, date, datetime, time

import pytest
from balie.db import Database, migrate
from balie_retail_kiosk.services import shops
from balie_retail_kiosk.services.errors import ShopUnknown
from balie_retail_kiosk.services.shops import Hours

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("site", "number"), [("", "S-01"), ("S-01", "S-01"), ("S-03", "S-03")])
async def test_this_shop(session, site, number):
    assert (await shops.this_shop(session, site)).number == number


async def test_a_site_that_is_no_shop(session):
    with pytest.raises(ShopUnknown) as caught:
        await shops.this_shop(session, "S-99")
    assert caught.value.facts == {"shop": "S-99"}


@pytest.mark.parametrize(
    ("words", "number"),
    [("S-02", "S-02"), ("s-02", "S-02"), ("Utrecht", "S-02"), ("in amsterdam", "S-03"), ("Amsterdm", "S-03"),
     ("Harbour & Home Groningen", "S-04")],
)  # fmt: skip
async def test_a_shop_by_what_people_call_it(session, words, number):
    assert (await shops.get_shop(session, words)).number == number


@pytest.mark.parametrize("words", ["Eindhoven", "", "Harbour & Home", "S-9", "Rotterdam or Utrecht"])
async def test_what_is_no_shop(session, words):
    with pytest.raises(ShopUnknown):
        await shops.get_shop(session, words)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 9), Hours(time(11), time(18))),  # Monday
        (date(2026, 3, 10), Hours(time(9), time(18))),
        (date(2026, 3, 13), Hours(time(9), time(21))),  # Friday
        (date(2026, 3, 15), Hours(time(12), time(17))),  # Sunday
        (date(2026, 4, 3), Hours(time(9), time(19), "Good Friday")),
        (date(2026, 4, 5), Hours(None, None, "Easter Sunday")),
        (date(2026, 4, 6), Hours(time(12), time(17), "Easter Monday")),
        (date(2026, 4, 27), Hours(time(12), time(17), "King's Day")),
        (date(2026, 12, 24), Hours(time(9), time(17), "Christmas Eve")),
        (date(2026, 12, 25), Hours(None, None, "Christmas Day")),
        (date(2026, 12, 26), Hours(time(12), time(17), "Boxing Day")),
        (date(2027, 1, 1), Hours(None, None, "New Year's Day")),
    ],
)
async def test_hours(session, rotterdam, day, hours):
    assert await shops.hours_on(session, rotterdam, day) == hours


async def test_a_shop_may_stay_closed_where_others_open(session):
    groningen = await shops.get_shop(session, "S-04")
    assert await shops.hours_on(session, groningen, date(2026, 3, 15)) == Hours(None, None)
    assert await shops.hours_on(session, groningen, date(2026, 4, 6)) == Hours(None, None, "Easter Monday")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 3, 10, 7, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 10, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 10, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 10, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 7, 7, 0, tzinfo=UTC), True),  # nine o'clock, summer time
        (datetime(2026, 4, 5, 12, 0, tzinfo=UTC), False),  # Easter
    ],
)
async def test_open_now(session, rotterdam, moment, is_open):
    assert await shops.is_open(session, rotterdam, moment) is is_open


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("toilet", "toilets"),
        ("Where is the restroom?", "toilets"),
        ("where are the TVs", "televisions"),
        ("kettel", "kettles"),
        ("coffee", "coffee-and-tea"),
        ("coffee corner", "coffee-corner"),
        ("where do I pay", "tills"),
        ("hdmi cables please", "hdmi-cables"),
        ("the exit", "entrance"),
    ],
)
async def test_places(session, rotterdam, words, slug):
    place = await shops.find_place(session, rotterdam, words)
    assert place is not None
    assert place.slug == slug


@pytest.mark.parametrize("words", ["", "bananas", "the", "lift"])
async def test_places_that_a_shop_does_not_have(session, rotterdam, words):
    assert await shops.find_place(session, rotterdam, words) is None


async def test_a_place_is_the_shops_own(session):
    utrecht = await shops.get_shop(session, "Utrecht")
    place = await shops.find_place(session, utrecht, "televisions")
    assert place is not None
    assert (place.aisle, place.shop_id) == ("A6", utrecht.id)
    assert "A6" in place.directions
    assert "A6" in place.directions_nl
    assert (await shops.find_place(session, utrecht, "lift")) is not None


async def test_freshness(session):
    fresh = await shops.freshness(session)
    assert fresh == {
        "products": datetime(2026, 3, 9, 21, 0, tzinfo=UTC),
        "stock": datetime(2026, 3, 9, 22, 30, tzinfo=UTC),
    }


async def test_without_any_shop(tmp_path, history):
    database = Database(path=tmp_path / "empty.db")
    await migrate.upgrade(database, history)
    async with database.read() as session:
        with pytest.raises(ShopUnknown):
            await shops.this_shop(session, "")
        assert await shops.freshness(session) == {}
    await database.close()
