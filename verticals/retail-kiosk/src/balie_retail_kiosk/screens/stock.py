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
        """With what is on the shelf and kept back, and when that was counted."""
        return f"{super().here_told(there)}\n{self._counted(there)}"

    def elsewhere_told(self, there: ShopStock) -> str:
        """The same of another shop."""
        return f"{super().elsewhere_told(there)}  {self._counted(there)}"

    def _counted(self, there: ShopStock) -> str:
        told = self.words(
            "{count} on the shelf, {reserved} kept back", count=there.on_hand, reserved=there.reserved
        )
        return self.words("{what} ({moment})", what=told, moment=self.session.moment(there.counted_at))
