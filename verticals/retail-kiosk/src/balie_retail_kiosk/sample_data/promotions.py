"""The promotions of promotions.toml, and the cards of those who get members' prices."""

import uuid
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

import msgspec
from msgspec import Struct

from balie_retail_kiosk.models import Member, Promotion, PromotionKind, PromotionPart
from balie_retail_kiosk.sample_data.gtins import card_of
from balie_retail_kiosk.sample_data.rows import Rows, dice

_MEMBERS = 240
_FIRST_CARD = 2001


class _Part(Struct, forbid_unknown_fields=True):
    product: str | None = None
    category: str | None = None
    quantity: int = 1


class _PromotionData(Struct, forbid_unknown_fields=True):
    code: str
    name: str
    name_nl: str
    kind: PromotionKind
    days: tuple[int, int]
    on: list[_Part]
    members_only: bool = False
    percent: int | None = None
    amount: Decimal | None = None
    buy: int | None = None
    pay: int | None = None


class _Promotions(Struct, forbid_unknown_fields=True):
    promotion: list[_PromotionData]


def add_promotions(rows: Rows, products: dict[str, uuid.UUID], categories: dict[str, uuid.UUID]) -> None:
    """All promotions; ``products`` are the keys by SKU and by name, ``categories`` by slug."""
    text = (files("balie_retail_kiosk.sample_data") / "promotions.toml").read_text(encoding="utf-8")
    for promotion in msgspec.toml.decode(text, type=_Promotions).promotion:
        first, last = promotion.days
        key = rows.add(
            Promotion,
            code=promotion.code,
            name=promotion.name,
            name_nl=promotion.name_nl,
            kind=promotion.kind,
            members_only=promotion.members_only,
            starts_on=rows.day(first),
            ends_on=rows.day(last),
            percent=promotion.percent,
            amount=promotion.amount,
            buy=promotion.buy,
            pay=promotion.pay,
        )
        for position, part in enumerate(promotion.on, 1):
            rows.add(
                PromotionPart,
                promotion_id=key,
                position=position,
                product_id=products[part.product] if part.product else None,
                category_id=categories[part.category] if part.category else None,
                quantity=part.quantity,
            )


def add_members(rows: Rows) -> None:
    """Four cards that tests speak of, of which the last has ended, and more for a shop that feels real."""
    for number, until in (
        (1001, rows.day(300)),
        (1002, rows.day(200)),
        (1003, rows.today.replace(month=12, day=31)),
        (1004, rows.day(-1)),
    ):
        rows.add_keyed(Member, card=card_of(number), until=until)
    throw = dice("members")
    for number in range(_FIRST_CARD, _FIRST_CARD + _MEMBERS):
        until = rows.today + timedelta(days=throw.randrange(-60, 365))
        rows.add_keyed(Member, card=card_of(number), until=until)
