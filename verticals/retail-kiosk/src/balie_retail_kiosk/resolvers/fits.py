"""What a part of a message could mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from balie.errors import RuleBroken

from balie_retail_kiosk.models import Product
from balie_retail_kiosk.search import wants


@dataclass(frozen=True, slots=True)
class Fits:
    """What a part of a text could mean: products that fit all of it, best first.

    ``implied`` says that their kind was not said: it is that of what was spoken of.
    """

    want: wants.Want
    products: tuple[Product, ...]
    available: Mapping[UUID, int]
    implied: bool = False
    wrong: RuleBroken | None = None
    """Why it is no product."""

    @property
    def wanted(self) -> str:
        """What was said of it."""
        want = self.want
        said = want.sku or want.gtin or (want.text if want.words else " ".join(want.unknown))
        return " ".join(said.split())

    @property
    def missing(self) -> bool:
        """Whether nothing fits its words. A number of no product is another matter: that has its own reply."""
        return self.wrong is not None and not (self.want.sku or self.want.gtin)

    @property
    def quantity(self) -> int | None:
        """How many are wanted, where that is said."""
        return self.want.quantity

    @property
    def categories(self) -> list[UUID]:
        """The categories of what fits, in the order of the fits."""
        return list(dict.fromkeys(product.category_id for product in self.products))

    def only(self, kept: Sequence[Product]) -> "Fits":
        """The same with only these."""
        return replace(self, products=tuple(kept))

    def chosen(self) -> tuple[Product, int]:
        """The one that a quote takes, and of how many it is the cheapest (RK-1).

        The cheapest in stock here, or the dearest where that was asked for; where none is in stock, of all.
        """
        here = [p for p in self.products if self.available.get(p.id, 0) > 0] or list(self.products)
        sign = -1 if self.want.choice == "dearest" else 1
        many = len(self.products) if sign > 0 and len(self.products) > 1 else 0
        return min(here, key=lambda p: (sign * p.price, p.sku)), many
