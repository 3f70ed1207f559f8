"""The shop's resources over the services, for its systems.

Products, stock and promotions are for anybody; what people do in the shop is for staff, except that who
has the number of a reservation may cancel it. A write by a system is its own confirmation: it is done at
once, with a record in the audit log, and takes an ``Idempotency-Key``.
"""

from balie_retail_kiosk.api.imports import ImportController
from balie_retail_kiosk.api.products import CategoryController, ProductController
from balie_retail_kiosk.api.promotions import PromotionController
from balie_retail_kiosk.api.quotes import QuoteController
from balie_retail_kiosk.api.reservations import ReservationController
from balie_retail_kiosk.api.staff import CallController, PriceMatchController
from balie_retail_kiosk.api.stock import ShopController, StockController

CONTROLLERS = (
    ProductController,
    CategoryController,
    StockController,
    ShopController,
    PromotionController,
    QuoteController,
    ReservationController,
    CallController,
    PriceMatchController,
    ImportController,
)
