"""Products: by their numbers, side by side, what else would do and why, and what goes with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from balie.db import new_id
from balie_retail_kiosk.models import (
    Accessory,
    Category,
    Product,
    Reservation,
    ReservationLine,
    ReservationStatus,
    Stock,
)
from balie_retail_kiosk.services import attributes, products, stock
from balie_retail_kiosk.services.errors import GtinWrong, ProductUnknown
from balie_retail_kiosk.services.products import ComparisonRow, Reason, ReasonKind
from sqlalchemy import select, update

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "reference",
    ["HH-10001", "hh-10001", " HH 10001 ", "hh10001", "8720000100013", "08720000100013", "8720000100013\n"],
)
async def test_a_product_by_its_numbers(session, reference):
    product = await products.get_product(session, reference)
    assert (product.sku, product.category.slug) == ("HH-10001", "hdmi-cables")


@pytest.mark.parametrize("length", [8, 12])
async def test_shorter_barcodes(session, length):
    stored = (
        await session.scalars(select(Product).where(Product.gtin.like(f"{'0' * (14 - length)}8%")))
    ).first()
    assert stored is not None
    assert (await products.get_product(session, stored.gtin[-length:])).id == stored.id


@pytest.mark.parametrize("reference", ["HH-99999", "", "a kettle", "8720000999990", "10001"])
async def test_what_is_no_product(session, reference):
    with pytest.raises(ProductUnknown) as caught:
        await products.get_product(session, reference)
    assert caught.value.facts == {"reference": reference}


async def test_a_barcode_that_was_misread(session):
    with pytest.raises(GtinWrong) as caught:
        await products.get_product(session, "8720000100014")
    assert caught.value.facts["right"] == "8720000100013"


async def test_what_is_no_longer_sold_is_still_known(session):
    await session.execute(update(Product).where(Product.sku == "HH-10001").values(active=False))
    assert not (await products.get_product(session, "HH-10001")).active


async def test_comparison(session):
    both = [await products.get_product(session, sku) for sku in ("HH-20001", "HH-20002")]
    rows = {row.name: row for row in products.comparison(both)}
    assert rows["price"] == ComparisonRow("price", (Decimal("479.00"), Decimal("599.00")))
    assert rows["brand"].values == ("Meridian", "Shore")
    assert rows["panel"].values == ("LED", "QLED")
    assert rows["panel"].differs
    assert not rows["screen_inch"].differs
    assert list(rows)[:5] == ["price", "brand", "warranty_months", "panel", "resolution"]


async def test_comparison_of_what_has_little_in_common(session):
    three = [await products.get_product(session, sku) for sku in ("HH-20001", "HH-50001", "HH-60002")]
    rows = {row.name: row.values for row in products.comparison(three)}
    assert rows["volume_l"] == (None, 1.7, None)
    assert rows["pieces"] == (None, None, 8)
    assert all(len(values) == 3 for values in rows.values())


async def test_alternatives_are_here_and_alike(session, rotterdam, now):
    product = await products.get_product(session, "HH-30002")
    found = await products.alternatives(session, product, rotterdam, now, limit=20)
    free = await stock.available(session, [each.product.id for each in found], rotterdam, now)
    assert found
    for each in found:
        assert each.product.category.slug == "robot-vacuums"
        assert each.product.id != product.id
        assert each.available == free[each.product.id] > 0
        assert product.price / 2 <= each.product.price <= product.price * Decimal("1.5")
        assert 1 <= len(each.reasons) <= 4


async def test_the_nearest_comes_first(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    first, second, third = await products.alternatives(session, product, rotterdam, now)
    assert [each.product.attributes["screen_inch"] for each in (first, second)] == [55, 55]
    assert third.product.sku == "HH-20004"  # the next size of the same series
    assert Reason(ReasonKind.SAME_BRAND, value="Meridian") in third.reasons
    assert Reason(ReasonKind.CHEAPER, value=Decimal("80.00")) in third.reasons


async def test_reasons_are_true(session, rotterdam, now):
    product = await products.get_product(session, "HH-30002")
    for each in await products.alternatives(session, product, rotterdam, now, limit=20):
        for reason in each.reasons:
            _check(reason, product, each.product)


def _check(reason, product, other):
    mine, its = product.attributes.get(reason.name), other.attributes.get(reason.name)
    difference = other.price - product.price
    match reason.kind:
        case ReasonKind.SAME_BRAND:
            assert reason.value == product.brand == other.brand
        case ReasonKind.SAME_PRICE:
            assert difference == 0
        case ReasonKind.CHEAPER:
            assert reason.value == -difference > 0
        case ReasonKind.DEARER:
            assert reason.value == difference > 0
        case ReasonKind.SAME:
            assert reason.value == mine == its
        case ReasonKind.MORE:
            assert its == reason.value > reason.instead_of == mine
        case ReasonKind.LESS:
            assert its == reason.value < reason.instead_of == mine
        case ReasonKind.WITH:
            assert (mine, its) == (False, True)
        case ReasonKind.WITHOUT:
            assert (mine, its) == (True, False)
        case ReasonKind.OTHER:
            assert (mine, its) == (reason.instead_of, reason.value)
            assert mine != its


async def test_of_a_model_in_several_colours_one_is_enough(session, rotterdam, now):
    product = await products.get_product(session, "HH-50001")
    names = [
        each.product.name for each in await products.alternatives(session, product, rotterdam, now, limit=9)
    ]
    models = [name.rpartition(",")[0] or name for name in names]
    assert len(models) == len(set(models)) == 9


async def test_another_colour_is_the_nearest(session, rotterdam, now):
    query = select(Product).where(Product.name == "Dune Alba Kettle 1.5 l, Sand")
    product = (await session.scalars(query)).one()
    first = (await products.alternatives(session, product, rotterdam, now))[0]
    assert first.product.name in {"Dune Alba Kettle 1.5 l, White", "Dune Alba Kettle 1.5 l, Black"}
    colour = first.product.attributes["colour"]
    assert first.reasons[0] == Reason(ReasonKind.OTHER, "colour", colour, "Sand")


async def test_what_is_reserved_is_no_alternative(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    first = (await products.alternatives(session, product, rotterdam, now))[0]
    reservation = Reservation(
        id=new_id(),
        number="R-TESTED",
        shop_id=rotterdam.id,
        conversation=None,
        created_at=now,
        expires_at=now + timedelta(hours=2),
        status=ReservationStatus.ACTIVE,
    )
    session.add(reservation)
    await session.flush()
    session.add(
        ReservationLine(
            reservation_id=reservation.id, product_id=first.product.id, position=1, quantity=first.available
        )
    )
    await session.flush()
    again = await products.alternatives(session, product, rotterdam, now)
    assert first.product.id not in [each.product.id for each in again]


async def test_a_product_without_attributes_has_alternatives(session, rotterdam, now):
    category = (await session.scalars(select(Category).where(Category.slug == "kettles"))).one()
    bare = Product(
        id=new_id(), sku="X-1", gtin="00000000000000", name="Kettle", brand="Nobody", category_id=category.id,
        description="", price=Decimal("34.99"), vat="standard", attributes={}, warranty_months=0,
    )  # fmt: skip
    session.add(bare)
    await session.flush()
    found = await products.alternatives(session, bare, rotterdam, now)
    assert [each.product.sku for each in found][:1] == ["HH-50001"]
    assert found[0].reasons == [Reason(ReasonKind.CHEAPER, value=Decimal("0.04"))]


async def test_accessories_are_of_several_kinds_and_here(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    found = await products.accessories(session, product, rotterdam, now)
    assert [each.product.category.slug for each in found] == ["hdmi-cables", "tv-brackets", "soundbars"]
    assert found[0].product.sku == "HH-10002"
    assert found[2].product.sku == "HH-20101"
    assert all(each.available > 0 for each in found)
    bracket = found[1].product.attributes
    assert bracket["min_inch"] <= 55 <= bracket["max_inch"]
    assert bracket["max_load_kg"] >= product.attributes["weight_kg"]


async def test_accessories_that_are_sold_out_are_left_out(session, rotterdam, now):
    product = await products.get_product(session, "HH-20001")
    of_it = select(Accessory.accessory_id).where(Accessory.product_id == product.id)
    await session.execute(
        update(Stock)
        .where(Stock.shop_id == rotterdam.id, Stock.product_id.in_(of_it))
        .values(on_hand=0)
        .execution_options(synchronize_session=False)
    )
    assert await products.accessories(session, product, rotterdam, now) == []


@pytest.mark.parametrize(
    ("name", "value", "english", "dutch"),
    [
        ("screen_inch", 55, "Screen: 55 inch", "Scherm: 55 inch"),
        ("volume_l", 1.7, "Volume: 1.7 l", "Inhoud: 1,7 l"),
        ("length_m", 2.0, "Length: 2 m", "Lengte: 2 m"),
        ("capacity_gb", 2000, "Capacity: 2 TB", "Opslagruimte: 2 TB"),
        ("mop", True, "Mops: yes", "Dweilt: ja"),
        ("mop", False, "Mops: no", "Dweilt: nee"),
        ("panel", "OLED", "Panel: OLED", "Paneel: OLED"),
        ("battery_h", 12, "Battery life: 12 hours", "Accuduur: 12 uur"),
        ("steam_g_min", 40, "Steam: 40 g/min", "Stoom: 40 g/min"),
        ("hdmi_ports", 3, "HDMI ports: 3", "HDMI-poorten: 3"),
        ("blade_length_mm", 12.5, "Blade length: 12.5 mm", "Blade length: 12,5 mm"),  # from an import
        ("m", 1, "M: 1", "M: 1"),
    ],
)
def test_how_attributes_are_written(name, value, english, dutch):
    for language, line in (("en", english), ("nl", dutch)):
        assert f"{attributes.label(name, language)}: {attributes.shown(name, value, language)}" == line


@pytest.mark.parametrize(
    ("sku", "named"),
    [
        ("HH-20001", ["resolution", "screen_inch"]),
        ("HH-10004", ["braided", "length_m"]),
        ("HH-30002", ["mop"]),
        ("HH-40001", ["type"]),
        ("HH-60002", ["pieces", "size"]),
        ("HH-60001", ["connector", "power_w"]),
    ],
)
async def test_what_a_name_tells(session, sku, named):
    product = await products.get_product(session, sku)
    assert sorted(attributes.defining(product.name, product.attributes)) == named
    ordered = attributes.ordered(product.name, product.attributes)
    assert sorted(name for name, _ in ordered[: len(named)]) == named
    assert dict(ordered) == product.attributes
