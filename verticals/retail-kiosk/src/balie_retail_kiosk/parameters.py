"""What the tools take: each parameter with how it is found in what is said, and what forms say of it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from balie.agent import Resolve
from msgspec import Meta

from balie_retail_kiosk import resolvers
from balie_retail_kiosk.models import CallReason
from balie_retail_kiosk.resolvers import Decision
from balie_retail_kiosk.services.items import MOST_LINES, Item

Product = Annotated[str, Resolve(resolvers.product, ask="ask_product"), Meta(description="SKU, HH-10001")]
Products = Annotated[
    list[str],
    Resolve(resolvers.several, ask="ask_products"),
    Meta(description="SKUs of two or three products", min_length=2, max_length=3),
]
About = Annotated[
    list[str] | None,
    Resolve(resolvers.about, ask="ask_about"),
    Meta(description="SKUs and categories; nothing for all promotions"),
]
Wanted = Annotated[
    str,
    Resolve(resolvers.wanted, ask="ask_wanted", text=True),
    Meta(description="what is looked for, in words", min_length=1, max_length=200),
]
Items = Annotated[
    list[Item],
    Resolve(resolvers.items, ask="ask_items"),
    Meta(description="products and quantities", min_length=1, max_length=MOST_LINES),
]
MemberCard = Annotated[
    str,
    Resolve(resolvers.member, ask="ask_member"),
    Meta(description="member card, 13 digits; empty for none"),
]
ShopNumber = Annotated[
    str, Resolve(resolvers.shop, ask="ask_shop"), Meta(description="shop, S-01; empty for this one")
]
Day = Annotated[date | None, Resolve(resolvers.day, ask="ask_day")]
Sought = Annotated[
    str,
    Resolve(resolvers.place, ask="ask_place"),
    Meta(description="a place, a category or a SKU", min_length=1, max_length=80),
]
Spot = Annotated[
    str,
    Resolve(resolvers.spot, ask="ask_spot"),
    Meta(description="where the person is; empty for at this kiosk", max_length=60),
]
QuoteNumber = Annotated[
    str, Resolve(resolvers.quote, ask="ask_quote"), Meta(description="quote number, Q-7K2M9P")
]
ReservationNumber = Annotated[
    str,
    Resolve(resolvers.reservation, ask="ask_reservation"),
    Meta(description="reservation number, R-7K2M9P"),
]
CallNumber = Annotated[str, Resolve(resolvers.call, ask="ask_call"), Meta(description="call number, H-12")]
MatchNumber = Annotated[
    str, Resolve(resolvers.match, ask="ask_match"), Meta(description="price match number, M-12")
]
Reason = Annotated[CallReason, Resolve(resolvers.reason, ask="ask_reason")]
Note = Annotated[str, Resolve(resolvers.note, ask="ask_note"), Meta(max_length=300)]
Competitor = Annotated[
    str,
    Resolve(resolvers.competitor, ask="ask_competitor"),
    Meta(description="where it is cheaper", min_length=1, max_length=80),
]
Price = Annotated[
    Decimal,
    Resolve(resolvers.price, ask="ask_price"),
    Meta(
        description="in euros",
        extra_json_schema={"pattern": r"^([1-9][0-9]{0,6}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"},
    ),
]
DecisionOf = Annotated[Decision, Resolve(resolvers.decision, ask="ask_decision")]
