"""The screens of the shop: what visitors look up and put together, and what staff work through."""

from balie_retail_kiosk.screens.calls import CallsScreen
from balie_retail_kiosk.screens.my_quote import MyQuoteScreen
from balie_retail_kiosk.screens.price_matches import PriceMatchesScreen
from balie_retail_kiosk.screens.products import ProductsScreen
from balie_retail_kiosk.screens.quotes import QuotesScreen
from balie_retail_kiosk.screens.reservations import ReservationsScreen
from balie_retail_kiosk.screens.shop import ShopScreen
from balie_retail_kiosk.screens.stock import StockScreen

__all__ = ["SCREENS"]

SCREENS = (
    ProductsScreen,
    MyQuoteScreen,
    ShopScreen,
    CallsScreen,
    QuotesScreen,
    ReservationsScreen,
    PriceMatchesScreen,
    StockScreen,
)
"""In the order of their keys, or of their buttons at a kiosk; each says for which roles it is."""
