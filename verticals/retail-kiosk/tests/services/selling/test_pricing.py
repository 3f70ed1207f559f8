"""The order of promotions, VAT and rounding (RK-3, RK-4, RK-5): examples, and what holds for all of them."""

import itertools
import uuid
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from balie_retail_kiosk.models import Product, Promotion, PromotionKind, PromotionPart, Vat
from balie_retail_kiosk.services import pricing
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = date(2026, 3, 10)
CABLES, TELEVISIONS, COFFEE = (uuid.UUID(int=number) for number in (1, 2, 3))


def product(sku, price, category=CABLES, vat=Vat.STANDARD):
    return Product(
        id=uuid.uuid5(uuid.NAMESPACE_OID, sku), sku=sku, price=Decimal(price), category_id=category, vat=vat
    )


CABLE = product("cable", "12.95")
LONG_CABLE = product("long cable", "19.95")
TV = product("tv", "479.00", TELEVISIONS)
SOUNDBAR = product("soundbar", "149.00", TELEVISIONS)
MACHINE = product("machine", "119.00", COFFEE)
BEANS = product("beans", "14.95", COFFEE, Vat.REDUCED)


def promotion(code, kind, *on, members=False, starts=DAY, ends=DAY, **values):
    """``on``: products and categories, or pairs of one with a quantity."""
    parts = []
    for position, thing in enumerate(on):
        what, quantity = thing if isinstance(thing, tuple) else (thing, 1)
        where = {"product_id": what.id} if isinstance(what, Product) else {"category_id": what}
        parts.append(PromotionPart(position=position, quantity=quantity, **where))
    if "amount" in values:
        values["amount"] = Decimal(values["amount"])
    return Promotion(
        code=code, kind=kind, members_only=members, starts_on=starts, ends_on=ends, parts=parts, **values
    )


def percentage(code, percent, *on, **more):
    return promotion(code, PromotionKind.PERCENTAGE, *on, percent=percent, **more)


def amount_off(code, amount, *on, **more):
    return promotion(code, PromotionKind.AMOUNT_OFF, *on, amount=amount, **more)


def multi_buy(code, buy, pay, *on, **more):
    return promotion(code, PromotionKind.MULTI_BUY, *on, buy=buy, pay=pay, **more)


def bundle(code, amount, *on, **more):
    return promotion(code, PromotionKind.BUNDLE, *on, amount=amount, **more)


def priced(items, *promotions, member=False, day=DAY):
    return pricing.priced(items, promotions, member=member, day=day)


def amounts(result):
    return {line.product.sku: (str(line.amount), line.promotions) for line in result.lines}


def test_without_promotions_a_line_is_the_price_times_the_quantity():
    result = priced([(CABLE, 2), (TV, 1)])
    assert amounts(result) == {"cable": ("25.90", []), "tv": ("479.00", [])}
    assert (str(result.total), str(result.saved), result.currency) == ("504.90", "0.00", "EUR")


@pytest.mark.parametrize(
    ("offer", "quantity", "amount"),
    [
        (percentage("P", 10, CABLES), 1, "11.65"),  # 11.655: half a cent goes to the customer
        (percentage("P", 10, CABLES), 2, "23.31"),
        (percentage("P", 100, CABLE), 3, "0.00"),
        (amount_off("P", "2.50", CABLE), 3, "31.35"),
        (amount_off("P", "20.00", CABLE), 3, "0.00"),
        (multi_buy("P", 3, 2, CABLE), 2, "25.90"),
        (multi_buy("P", 3, 2, CABLE), 3, "25.90"),
        (multi_buy("P", 3, 2, CABLE), 7, "64.75"),
        (multi_buy("P", 2, 0, CABLE), 3, "12.95"),
        (percentage("P", 50, TELEVISIONS), 1, "12.95"),
    ],
)
def test_what_each_kind_of_promotion_takes_off(offer, quantity, amount):
    (line,) = priced([(CABLE, quantity)], offer).lines
    assert str(line.amount) == amount
    assert line.unit_price == CABLE.price
    assert line.discount == CABLE.price * quantity - line.amount
    assert line.promotions == (["P"] if line.discount else [])


def test_a_bundle_counts_as_often_as_it_is_complete():
    offer = bundle("B", "50.00", TV, SOUNDBAR)
    assert priced([(TV, 1)], offer).saved == 0
    assert priced([(TV, 1), (SOUNDBAR, 1)], offer).saved == 50
    assert priced([(TV, 3), (SOUNDBAR, 2)], offer).saved == 100
    assert priced([(TV, 1), (CABLE, 2)], bundle("B", "9.00", TV, (CABLE, 2))).saved == 9
    assert priced([(TV, 1), (CABLE, 1)], bundle("B", "9.00", TV, (CABLE, 2))).saved == 0


def test_a_bundle_is_shared_in_proportion_to_the_prices_and_never_costs_less_than_nothing():
    shared = priced([(TV, 1), (SOUNDBAR, 1)], bundle("B", "50.00", TV, SOUNDBAR))
    # 50 × 479 ÷ 628 is 38.136…, 50 × 149 ÷ 628 is 11.863…: the cent left goes to the larger remainder.
    assert amounts(shared) == {"tv": ("440.86", ["B"]), "soundbar": ("137.14", ["B"])}
    free = priced([(CABLE, 1), (LONG_CABLE, 1)], bundle("B", "50.00", CABLE, LONG_CABLE))
    assert amounts(free) == {"cable": ("0.00", ["B"]), "long cable": ("0.00", ["B"])}


def test_a_bundle_takes_the_dearest_of_a_category_and_leaves_what_is_named():
    offer = bundle("B", "5.00", TV, (CABLES, 2))
    result = priced([(CABLE, 2), (LONG_CABLE, 1), (TV, 1)], offer)
    assert {line.product.sku: line.discount > 0 for line in result.lines} == {
        "cable": True,
        "long cable": True,
        "tv": True,
    }
    assert result.saved == 5
    both = bundle("B", "5.00", CABLES, LONG_CABLE)
    assert priced([(LONG_CABLE, 1)], both).saved == 0
    shared = priced([(LONG_CABLE, 1), (CABLE, 1)], both)
    assert amounts(shared) == {"long cable": ("16.92", ["B"]), "cable": ("10.98", ["B"])}
    assert priced([(LONG_CABLE, 3), (CABLE, 1)], both).saved == 10


def test_no_unit_is_in_two_promotions():
    half, three = percentage("HALF", 50, CABLE), multi_buy("THREE", 3, 2, CABLE)
    assert amounts(priced([(CABLE, 3)], half, three)) == {"cable": ("19.42", ["HALF"])}  # 19.425
    tenth = percentage("TENTH", 10, CABLE)
    assert amounts(priced([(CABLE, 3)], tenth, three)) == {"cable": ("25.90", ["THREE"])}
    # Three by the one, and the fourth by the other.
    assert amounts(priced([(CABLE, 4)], tenth, three)) == {"cable": ("37.55", ["TENTH", "THREE"])}  # 37.555


def test_units_in_a_bundle_are_in_no_other_promotion():
    pair, tenth = bundle("PAIR", "50.00", TV, SOUNDBAR), percentage("TENTH", 10, TV)
    result = priced([(TV, 2), (SOUNDBAR, 1)], pair, tenth)
    assert result.saved == Decimal("50.00") + Decimal("47.90")
    assert amounts(result)["tv"] == (str(Decimal("440.86") + Decimal("431.10")), ["PAIR", "TENTH"])
    # With half off the television the bundle is not worth it.
    result = priced([(TV, 1), (SOUNDBAR, 1)], pair, percentage("HALF", 50, TV))
    assert amounts(result) == {"tv": ("239.50", ["HALF"]), "soundbar": ("149.00", [])}


def test_of_bundles_that_exclude_each_other_the_best_choice_counts():
    large = bundle("LARGE", "50.00", TV, SOUNDBAR)
    left, right = bundle("LEFT", "40.00", TV, CABLE), bundle("RIGHT", "40.00", SOUNDBAR, MACHINE)
    items = [(TV, 1), (SOUNDBAR, 1), (CABLE, 1), (MACHINE, 1)]
    assert priced(items, large, left).saved == 50
    assert priced(items, large, left, right).saved == 80
    assert priced(items, left, right).saved == 80


def test_the_bundle_with_the_largest_amount_is_served_first():
    small, large = bundle("A", "10.00", TV, CABLE), bundle("B", "50.00", TV, SOUNDBAR)
    for offers in ((small, large), (large, small)):
        assert priced([(TV, 2), (SOUNDBAR, 1), (CABLE, 2)], *offers).saved == 60


def test_a_promotion_that_takes_off_less_than_half_a_cent_is_not_named():
    hundredth = percentage("P", 1, CABLES)
    assert amounts(priced([(product("cheap", "0.10"), 4)], hundredth)) == {"cheap": ("0.40", [])}
    assert amounts(priced([(product("cheap", "0.10"), 5)], hundredth)) == {"cheap": ("0.49", ["P"])}


def test_at_most_three_different_bundles_count():
    four = [product(f"thing {number}", "100.00") for number in range(4)]
    offers = [bundle(f"B{number}", f"{number + 1}.00", thing) for number, thing in enumerate(four)]
    assert priced([(thing, 2) for thing in four], *offers).saved == 2 * (4 + 3 + 2)


def test_of_equal_choices_it_is_always_the_same_one():
    ten = product("ten", "10.00")
    offers = [percentage("Z", 10, ten), amount_off("A", "1.00", ten), bundle("0", "1.00", ten)]
    for order in itertools.permutations(offers):
        assert amounts(priced([(ten, 2)], *order)) == {"ten": ("18.00", ["A"])}


def test_a_promotion_counts_from_its_first_day_to_its_last():
    offer = percentage("P", 10, CABLE, starts=DAY, ends=DAY + timedelta(days=1))
    saved = {days: priced([(CABLE, 1)], offer, day=DAY + timedelta(days=days)).saved for days in range(-1, 3)}
    assert [bool(saved[days]) for days in range(-1, 3)] == [False, True, True, False]


def test_members_have_more_promotions_to_choose_from():
    everybody, members = percentage("ALL", 10, COFFEE), percentage("CARD", 15, COFFEE, members=True)
    assert priced([(MACHINE, 1)], everybody, members).saved == Decimal("11.90")
    assert priced([(MACHINE, 1)], everybody, members, member=True).saved == Decimal("17.85")


def test_vat_is_in_the_amount_that_is_left_at_the_rate_of_the_line():
    free = product("free of VAT", "10.00", vat=Vat.ZERO)
    result = priced([(MACHINE, 1), (BEANS, 2), (free, 1)], percentage("P", 15, COFFEE))
    lines = {
        line.product.sku: (line.vat_percent, str(line.amount), str(line.vat_amount)) for line in result.lines
    }
    assert lines == {
        "machine": (21, "101.15", "17.55"),  # 17.5549…
        "beans": (9, "25.41", "2.10"),  # 25.415 less half a cent; 2.0980…
        "free of VAT": (0, "10.00", "0.00"),
    }
    assert [(total.percent, str(total.base), str(total.amount)) for total in result.vat] == [
        (21, "83.60", "17.55"),
        (9, "23.31", "2.10"),
        (0, "10.00", "0.00"),
    ]


@pytest.mark.parametrize(("cents", "percent", "vat"), [(121, 21, 21), (109, 9, 9), (3, 21, 1), (2, 21, 0), (0, 9, 0),
                                                        (605, 0, 0), (60, 21, 10), (63, 21, 11)])  # fmt: skip
def test_vat_is_rounded_to_the_nearest_cent(cents, percent, vat):
    assert pricing.vat_in(cents, percent) == vat


# What holds for every basket and all promotions.

PRODUCTS = [
    product(f"{letter}", price, category, vat)
    for letter, price, category, vat in [
        ("a", "12.95", CABLES, Vat.STANDARD),
        ("b", "9.95", CABLES, Vat.STANDARD),
        ("c", "479.00", TELEVISIONS, Vat.STANDARD),
        ("d", "0.07", TELEVISIONS, Vat.ZERO),
        ("e", "14.95", COFFEE, Vat.REDUCED),
        ("f", "0.00", COFFEE, Vat.REDUCED),
    ]
]
things = st.sampled_from([*PRODUCTS, CABLES, TELEVISIONS, COFFEE])
some_things = st.lists(things, min_size=1, max_size=3)
euros = st.integers(1, 60_000).map(lambda cents: Decimal(cents).scaleb(-2))
members = st.booleans()
baskets = st.lists(st.tuples(st.sampled_from(PRODUCTS), st.integers(1, 7)), min_size=1, max_size=6)
days = st.tuples(st.integers(-1, 1), st.integers(0, 2)).map(
    lambda days: {"starts": DAY + timedelta(days[0]), "ends": DAY + timedelta(sum(days))}
)
kinds = st.one_of(
    st.builds(lambda percent, on: (percentage, percent, on), st.integers(1, 100), some_things),
    st.builds(lambda amount, on: (amount_off, amount, on), euros, some_things),
    st.builds(
        lambda buy, pay, on: (multi_buy, buy, min(pay, buy - 1), on),
        st.integers(2, 5), st.integers(0, 4), some_things,
    ),
    st.builds(
        lambda amount, on, counts: (bundle, amount, list(zip(on, counts, strict=False))),
        euros, some_things, st.lists(st.integers(1, 3), min_size=3, max_size=3),
    ),
)  # fmt: skip


@st.composite
def offers(draw, most=5):
    drawn = draw(st.lists(st.tuples(kinds, members, days), max_size=most))
    made = []
    for number, ((make, *values, on), member, when) in enumerate(drawn):
        made.append(make(f"P-{number:02}", *values, *on, members=member, **when))
    return made


@settings(deadline=None)
@given(baskets, offers(), members)
def test_a_promotion_never_raises_a_total(items, promotions, member):
    plain = priced(items)
    for count in range(len(promotions)):
        fewer = priced(items, *promotions[:count], member=member)
        more = priced(items, *promotions[: count + 1], member=member)
        assert more.total <= fewer.total <= plain.total
    for left_out in promotions:
        others = [other for other in promotions if other is not left_out]
        assert priced(items, *promotions, member=member).total <= priced(items, *others, member=member).total


@settings(deadline=None)
@given(baskets, offers())
def test_a_members_card_never_raises_a_total(items, promotions):
    assert priced(items, *promotions, member=True).total <= priced(items, *promotions).total


@settings(deadline=None)
@given(baskets, offers(), members)
def test_the_lines_add_up_to_the_total_and_the_vat(items, promotions, member):
    result = priced(items, *promotions, member=member)
    assert len(result.lines) == len({wanted.sku for wanted, _ in items})
    for line in result.lines:
        assert line.quantity == sum(count for wanted, count in items if wanted is line.product)
        assert line.unit_price * line.quantity - line.discount == line.amount
        assert 0 <= line.discount <= line.unit_price * line.quantity
        assert bool(line.discount) == bool(line.promotions)
        exact = Fraction(line.amount) * line.vat_percent / (100 + line.vat_percent)
        assert -Fraction(1, 200) < exact - Fraction(line.vat_amount) <= Fraction(1, 200)
        assert line.vat_amount.as_tuple().exponent == line.amount.as_tuple().exponent == -2
    assert result.total == sum(line.amount for line in result.lines)
    assert result.saved == sum(line.discount for line in result.lines)
    assert sum(total.base + total.amount for total in result.vat) == result.total
    for total in result.vat:
        of_rate = [line for line in result.lines if line.vat_percent == total.percent]
        assert total.amount == sum(line.vat_amount for line in of_rate)
        assert total.base == sum(line.amount - line.vat_amount for line in of_rate)
    assert [total.percent for total in result.vat] == sorted(
        {line.vat_percent for line in result.lines}, reverse=True
    )


@settings(deadline=None)
@given(baskets, offers(), members, st.randoms(use_true_random=False))
def test_the_order_of_things_changes_no_price(items, promotions, member, random):
    before = priced(items, *promotions, member=member)
    random.shuffle(items)
    random.shuffle(promotions)
    after = priced(items, *promotions, member=member)
    assert amounts(after) == amounts(before)
    assert (after.total, after.vat) == (before.total, before.vat)


@settings(deadline=None)
@given(baskets, offers(), members, st.data())
def test_naming_a_product_twice_changes_no_price(items, promotions, member, data):
    split = []
    for wanted, count in items:
        first = data.draw(st.integers(0, count))
        split += [(wanted, part) for part in (first, count - first) if part]
    assert amounts(priced(split, *promotions, member=member)) == amounts(
        priced(items, *promotions, member=member)
    )


@settings(deadline=None)
@given(baskets, offers(), members)
def test_only_what_runs_and_is_on_a_product_counts_for_it(items, promotions, member):
    known = {offer.code: offer for offer in promotions}
    for line in priced(items, *promotions, member=member).lines:
        for offer in (known[code] for code in line.promotions):
            assert offer.starts_on <= DAY <= offer.ends_on
            assert member or not offer.members_only
            assert any(line.product.id == part.product_id or line.product.category_id == part.category_id
                       for part in offer.parts)  # fmt: skip


def divisions(units, sizes):
    """Every way to divide units over groups of these sizes."""
    if units == 0:
        yield ()
    for position, size in enumerate(sizes):
        if size <= units:
            for rest in divisions(units - size, sizes[position:]):
                yield (size, *rest)


@settings(deadline=None)
@given(st.sampled_from(PRODUCTS), st.integers(1, 7), offers(most=3))
def test_without_bundles_no_division_of_the_units_costs_less(wanted, quantity, promotions):
    single, by_size = [Fraction(wanted.price)], {}
    for offer in promotions:
        on = any(
            wanted.id == part.product_id or wanted.category_id == part.category_id for part in offer.parts
        )
        if not on or offer.members_only or not offer.starts_on <= DAY <= offer.ends_on:
            continue
        if offer.kind is PromotionKind.PERCENTAGE:
            single.append(Fraction(wanted.price) * (100 - offer.percent) / 100)
        elif offer.kind is PromotionKind.AMOUNT_OFF:
            single.append(max(Fraction(0), Fraction(wanted.price) - Fraction(offer.amount)))
        elif offer.kind is PromotionKind.MULTI_BUY:
            cost = Fraction(wanted.price) * offer.pay
            by_size[offer.buy] = min(cost, by_size.get(offer.buy, cost))
    costs = {1: min(single), **by_size}
    least = min(sum(costs[size] for size in groups) for groups in divisions(quantity, sorted(costs)))
    others = [offer for offer in promotions if offer.kind is not PromotionKind.BUNDLE]
    total = Fraction(priced([(wanted, quantity)], *others).total)
    assert 0 <= least - total <= Fraction(1, 200) or 0 < total - least < Fraction(1, 200)
