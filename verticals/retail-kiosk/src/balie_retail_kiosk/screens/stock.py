"""For staff: what there is of a product, in every shop."""

from balie.locales import marked

from balie_retail_kiosk.screens.common import STAFF
from balie_retail_kiosk.screens.shelf import ShelfScreen
from balie_retail_kiosk.services.stock import ShopStock


class StockScreen(ShelfScreen):
    """Stock, what is kept back of it, where it lies, and when it was counted (RK-7)."""

    TITLE = marked("Stock")
    ROLES = STAFF
    EMPTY = marked("Type a product, or scan it.")
    AUTO_FOCUS = "Input"

    def here_told(self, there: ShopStock) -> str:
        """With what lies there, what of it is kept back, and when that was counted."""
        told = [
            super().here_told(there),
            self.words(
                "{count} on the shelf, {reserved} kept back", count=there.on_hand, reserved=there.reserved
            ),
        ]
        if there.counted_at is not None:
            told.append(self.words("counted {moment}", moment=self.session.moment(there.counted_at)))
        return "\n".join(told)

    def elsewhere_told(self, there: ShopStock) -> str:
        """With what is kept back there."""
        kept = self.words("{count} kept back", count=there.reserved) if there.reserved else ""
        return "  ".join(part for part in (super().elsewhere_told(there), kept) if part)
