"""Price matches (RK-10): what can be asked for, and that asking and approving change no price."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from balie.db import outbox
from balie.errors import BadRequest
from balie_retail_kiosk.models import PriceMatchStatus, Product, Shop
from balie_retail_kiosk.services import price_matches, pricing, quotes
from balie_retail_kiosk.services.errors import MatchDecided, MatchUnknown, PriceNotLower, ProductUnknown
from balie_retail_kiosk.services.items import Item
from sqlalchemy import select

pytestmark = pytest.mark.anyio
TODAY = date(2026, 3, 10)


@pytest.fixture
def ask(session, rotterdam, now, zone):
    async def asked(sku, price, *, conversation=None, at=now, shop=rotterdam):
        return await price_matches.request(
            session, sku, competitor=" Tide & Sons ", price=Decimal(price), shop=shop, now=at, timezone=zone,
            conversation=conversation,
        )  # fmt: skip

    return asked


async def test_a_lower_price_is_kept_for_a_colleague(session, ask, now):
    visit = uuid.uuid4()
    match = await ask("T-2", "449", conversation=visit)
    assert (match.number, match.product.sku, match.shop.number) == ("M-1", "T-2", "S-01")
    assert (match.competitor, str(match.price), str(match.our_price)) == ("Tide & Sons", "449.00", "479.00")
    assert (match.status, match.decided_by, match.conversation) == (PriceMatchStatus.REQUESTED, None, visit)
    assert (await ask("T-2", "448.994")).price == Decimal("448.99")
    assert [one.number for one in await price_matches.requested(session)] == ["M-1", "M-2"]
    utrecht = await session.scalar(select(Shop).where(Shop.number == "S-02"))
    assert await price_matches.requested(session, shop=utrecht) == []


async def test_it_must_be_lower_than_what_it_costs_here_today(session, ask, now, zone):
    # A cable is 12.95, and 11.65 with the promotion of today.
    for price in ("11.65", "12.00", "12.95", "11.651"):
        with pytest.raises(PriceNotLower) as refused:
            await ask("T-1", price)
        assert refused.value.facts["our_price"] == Decimal("11.65")
    product, ours = await price_matches.check(session, "T-1", price=Decimal("11.64"), now=now, timezone=zone)
    assert (product.sku, ours) == ("T-1", Decimal("11.65"))
    assert (await ask("T-1", "11.64")).our_price == Decimal("11.65")
    # The promotion is over in two days.
    assert (await ask("T-1", "12.00", at=now + timedelta(days=2))).our_price == Decimal("12.95")
    # A price for members only is not everybody's: three for the price of two takes nothing off one anyway.
    assert (await ask("T-3", "14.94")).our_price == Decimal("14.95")


async def test_what_is_no_price_or_no_product(ask):
    for price in ("0", "-1", "NaN", "Infinity", "0.001"):
        with pytest.raises(BadRequest, match="more than zero"):
            await ask("T-2", price)
    for sku in ("T-9", "T-4"):
        with pytest.raises(ProductUnknown):
            await ask(sku, "1.00")


async def test_a_colleague_decides_once(session, ask, now):
    await ask("T-2", "449")
    await ask("T-2", "439")
    approved = await price_matches.decide(session, " m-1", approve=True, by="Femke", now=now)
    assert (approved.status, approved.decided_by) == (PriceMatchStatus.APPROVED, "Femke")
    declined = await price_matches.decide(session, "M-2", approve=False, by="Daan", now=now)
    assert declined.status is PriceMatchStatus.DECLINED
    with pytest.raises(MatchDecided) as decided:
        await price_matches.decide(session, "M-1", approve=False, by="Daan", now=now)
    assert decided.value.facts == {"number": "M-1", "status": "approved"}
    with pytest.raises(MatchUnknown):
        await price_matches.decide(session, "M-3", approve=True, by="Daan", now=now)
    assert await price_matches.requested(session) == []


async def test_an_approved_match_changes_no_price_and_no_quote(session, ask, rotterdam, now, zone):
    async def price():
        return await pricing.price(session, [Item("T-2", 1)], day=TODAY, member=True)

    quote = await quotes.make(
        session, [Item("T-2", 1)], shop=rotterdam, now=now, timezone=zone, member=False, conversation=None
    )
    await ask("T-2", "400")
    await price_matches.decide(session, "M-1", approve=True, by="Femke", now=now)
    assert (await price()).total == Decimal("479.00")
    assert (await session.scalar(select(Product.price).where(Product.sku == "T-2"))) == Decimal("479.00")
    assert (await quotes.get(session, quote.number)).total == Decimal("479.00")


async def test_other_systems_hear_of_it_and_not_what_was_typed(session, ask):
    await ask("T-2", "449", conversation=uuid.uuid4())
    (message,) = await outbox.pending(session)
    assert (message.topic, message.recipient) == ("price_match.requested", "webhook")
    assert message.payload == {
        "number": "M-1", "shop": "S-01", "sku": "T-2", "currency": "EUR", "price": "449.00", "our_price": "479.00"
    }  # fmt: skip
