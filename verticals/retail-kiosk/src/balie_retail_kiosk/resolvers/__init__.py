"""How the things of this desk are recognised in what people say."""

from balie_retail_kiosk.resolvers.asking import Decision, competitor, decision, note, price, reason
from balie_retail_kiosk.resolvers.items import items
from balie_retail_kiosk.resolvers.numbers import call, match, member, quote, reservation
from balie_retail_kiosk.resolvers.patterns import MENTIONS, SHORTCUTS
from balie_retail_kiosk.resolvers.products import about, product, several, wanted
from balie_retail_kiosk.resolvers.recognised import recognised
from balie_retail_kiosk.resolvers.shop import day, place, shop, spot

__all__ = [
    "MENTIONS",
    "SHORTCUTS",
    "Decision",
    "about",
    "call",
    "competitor",
    "day",
    "decision",
    "items",
    "match",
    "member",
    "note",
    "place",
    "price",
    "product",
    "quote",
    "reason",
    "recognised",
    "reservation",
    "several",
    "shop",
    "spot",
    "wanted",
]
