"""What the shop's systems bring in bulk: products, and how many of them lie where."""

from balie.importing import ImportKind

from balie_retail_kiosk.importing.products import ProductImporter, ProductRow
from balie_retail_kiosk.importing.stock import StockImporter, StockRow

IMPORTERS = {
    "products": ImportKind(
        "Products by their SKU: what is new is added, what is known is changed where the row says so.",
        ProductImporter,
        choices={"create_categories": "Make the categories that are not there yet."},
    ),
    "stock": ImportKind("How many of a product lie in a shop, and where in it.", StockImporter),
}

__all__ = ["IMPORTERS", "ProductImporter", "ProductRow", "StockImporter", "StockRow"]
