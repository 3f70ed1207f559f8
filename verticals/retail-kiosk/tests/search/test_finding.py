"""What is found for what is wanted, on each kind of database and the same on both."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from balie.db import new_id
from balie_retail_kiosk import search
from balie_retail_kiosk.models import Product, Reservation, ReservationLine, ReservationStatus, Shop, Stock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)


async def skus(session, wanted, **options):
    return [hit.product.sku[3:] for hit in await search.find(session, wanted, **options)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HDMI cable 2 m", ["10001", "10004"]),
        ("hdmi cable 200 cm", ["10001", "10004"]),
        ("2 metre hdmi lead", ["10001", "10004"]),
        ("hdmicable 5m", ["10003"]),
        ("55 inch tv", ["20001", "20002", "20003"]),
        ('55" telly', ["20001", "20002", "20003"]),
        ("television 140 cm", ["20001", "20002", "20003"]),
        ("a flat screen of fifty five inch", ["20001", "20002", "20003"]),
        ("tv 140 cm wide", ["20005"]),
        ("tv at least 60 inch", ["20005"]),
        ("tv under 400", ["20006", "20004"]),
        ("tv between 400 and 500 euros", ["20001"]),
        ("cheapest 55 inch TV under 600", ["20001", "20002"]),
        ("most expensive tv under 600", ["20002", "20001", "20004", "20006"]),
        ("meridian oled", ["20003"]),
        ("tv 65", ["20005"]),
        ("wall bracket", ["20050"]),
        ("tv mount 43 inch", ["20050"]),
        ("hoover", ["31001"]),
        ("robot hoover with mop", ["30002"]),
        ("robot vacuum without mop", ["30003", "30001"]),
        ("vacuum cleaner bags", ["31500"]),
        ("cheapest espresso machine", ["40002"]),
        ("coffee maker", ["40001", "40002"]),
        ("1 kg coffee beans", ["40003"]),
        ("coffee filters", ["40004"]),
        ("kettle 1.7 litre", ["50001"]),
        ("kettle 2200w", ["50001"]),
        ("gray kettle", ["50001"]),
        ("E27 bulb", ["50002"]),
        ("light bulb 4 pieces", ["50020"]),
        ("lamp", ["50002", "50020"]),
        ("65w usb-c charger", ["60001"]),
        ("usb c charger", ["60005", "60001"]),
        ("USBC charger", ["60005", "60001"]),
        ("8-pack aa batteries", ["60002"]),
        ("sd card 1024 gb", ["70002"]),
        ("sound bar", ["20101"]),
        ("two slice toaster", ["50010"]),
        ("cordless vacuum", ["31001"]),
        ("cheapest washing machine", ["85001"]),
        ("tumble dryer", ["85002"]),
        ("washing machine of at least 8 kg", ["85001"]),
        ("washing machine not wider than 60 cm", ["85001"]),
        ("hub 2", ["86001"]),
        ("HH-20001", ["20001"]),
        ("hh20001", ["20001"]),
        ("00000000000006", ["20001"]),
    ],
)
async def test_finds(shop, text, found):
    assert await skus(shop, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "unicorn",
        "black kettle",
        "tv with soundbar",
        "Meridian M56",
        "tv 2 m",
        "tv under 20",
        "HH-99999",
        "12345670",
        "half a kilo of coffee",
        "55 inch kettle",
        "do you have it",
    ],
)
async def test_finds_nothing_that_does_not_match(shop, text):
    assert await skus(shop, text) == []


async def test_cable_for_a_tv_is_no_tv(shop):
    assert {hit.product.category.slug for hit in await search.find(shop, "tv")} == {"televisions"}


async def test_every_kind_that_a_word_names(shop):
    assert {hit.product.category.slug for hit in await search.find(shop, "cable")} == {
        "hdmi-cables",
        "usb-cables",
    }


async def test_tells_what_matched_and_what_names_nothing_here(shop):
    hit = (await search.find(shop, "a purple kettle, 1.7 l"))[0]
    assert (hit.product.sku, hit.matched, hit.missed) == ("HH-50001", ("kettle", "1.7 l"), ("purple",))
    assert 0 < hit.score <= 1


async def test_name_in_full_goes_before_its_parts(shop):
    for product in (await shop.scalars(select(Product))).all():
        assert (await search.find(shop, product.name))[0].product.sku == product.sku


async def test_limit_and_order_of_equal_ones(shop):
    every = await skus(shop, "tv")
    assert every == ["20006", "20004", "20001", "20002", "20005", "20003"]
    assert await skus(shop, "tv", limit=2) == every[:2]


async def test_reading_first_is_the_same(shop):
    words = await search.vocabulary(shop)
    (want,) = search.read("do you have a kettle under 40 euros?", words)
    assert await skus(shop, want) == await skus(shop, "kettle under 40 euros")
    anything = msgspec.structs.replace(want, price_max=None)
    assert len(await skus(shop, anything)) == 2


async def test_stock_is_what_is_not_reserved(own_shop):
    async with own_shop.write() as session:
        here = await session.scalar(select(Shop))
        other = Shop(number="S-02", name="Utrecht", street="", postcode="", city="Utrecht", phone="")
        session.add(other)
        kettles = (
            await session.scalars(select(Product).where(Product.sku.in_(["HH-50001", "HH-50003"])))
        ).all()
        for product in kettles:
            stock = await session.scalar(select(Stock).where(Stock.product_id == product.id))
            stock.on_hand = 2
        await session.flush()
        assert await skus(session, "kettle", shop=here, now=NOW, in_stock=True) == ["50001", "50003"]
        assert await skus(session, "kettle", shop=other, now=NOW, in_stock=True) == []
        assert await skus(session, "kettle", now=NOW, in_stock=True) == ["50001", "50003"]

        reservation = Reservation(
            id=new_id(),
            number="R-111111",
            shop_id=here.id,
            conversation=None,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=2),
            status=ReservationStatus.ACTIVE,
        )
        session.add(reservation)
        await session.flush()
        session.add(
            ReservationLine(reservation_id=reservation.id, product_id=kettles[0].id, position=0, quantity=2)
        )
        await session.flush()
        left = [kettles[1].sku[3:]]
        assert await skus(session, "kettle", shop=here, now=NOW, in_stock=True) == left
        assert await skus(session, kettles[0].sku, shop=here, now=NOW, in_stock=True) == []
        # Its time is over, or it was given back.
        later = NOW + timedelta(hours=3)
        assert len(await skus(session, "kettle", shop=here, now=later, in_stock=True)) == 2
        reservation.status = ReservationStatus.CANCELLED
        await session.flush()
        assert len(await skus(session, "kettle", shop=here, now=NOW, in_stock=True)) == 2


async def test_in_stock_needs_the_time(shop):
    with pytest.raises(ValueError, match="now"):
        await search.find(shop, "kettle", in_stock=True)


WORDS = [
    "television",
    "kettle",
    "toaster",
    "charger",
    "battery",
    "headphone",
    "soundbar",
    "memory",
    "robot",
    "espresso",
]


@st.composite
def mistyped(draw):
    """A product's word with one slip after its first letter: a letter lost, doubled, wrong, or two swapped."""
    word = draw(st.sampled_from(WORDS))
    at = draw(st.integers(1, len(word) - 2))
    match draw(st.sampled_from(["lost", "doubled", "wrong", "swapped"])):
        case "lost":
            slip = word[:at] + word[at + 1 :]
        case "doubled":
            slip = word[: at + 1] + word[at:]
        case "wrong":
            slip = word[:at] + draw(st.sampled_from("qxz")) + word[at + 1 :]
        case _:
            slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word, slip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(mistyped())
async def test_slip_of_the_keys_finds_the_same_first(shop, pair):
    word, slip = pair
    assert (await skus(shop, slip))[:1] == (await skus(shop, word))[:1] != []


QUERIES = st.lists(
    st.sampled_from(
        [
            "tv",
            "kettle",
            "hdmi",
            "cable",
            "55 inch",
            "2 m",
            "under 50",
            "over 10",
            "between 20 and 500",
            "meridian",
            "usb-c",
            "charger",
            "robot",
            "vacuum",
            "bags",
            "without mop",
            "for my tv",
            "coffee",
            "machine",
            "cheapest",
            "dearest",
            "black",
            "1.7 l",
            "65w",
            "battery",
            "8 pieces",
            "kettel",
            "televison",
            "HH-10001",
            "4k",
            "with",
            "unicorn",
        ]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(QUERIES, st.booleans())
async def test_both_databases_find_the_same(both, text, in_stock):
    results = []
    for database in both:
        async with database.read() as session:
            words = await search.vocabulary(session)
            hits = await search.find(session, text, now=NOW, in_stock=in_stock)
            results.append(
                (
                    search.read(text, words),
                    [(hit.product.sku, hit.score, hit.matched, hit.missed) for hit in hits],
                )
            )
    assert all(result == results[0] for result in results)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(QUERIES)
async def test_a_hit_keeps_to_all_that_was_said(shop, text):
    want = search.read_one(text, await search.vocabulary(shop))
    for hit in await search.find(shop, want):
        if want.sku:
            continue
        assert want.price_min is None or hit.product.price >= want.price_min
        assert want.price_max is None or hit.product.price <= want.price_max
        assert not any(term in hit.product.name.lower() for term in want.without)
        assert want.brand in (None, hit.product.brand)
        assert hit.missed == want.unknown
        assert Decimal(0) < hit.product.price
