"""The numbers under the barcodes of the sample data: valid, and nobody's outside it."""

from balie_retail_kiosk.services import gtin

# Most brands print GTIN-13. One is imported with the twelve digits of an American label, one is printed on
# things too small for more than eight.
_SHORT = {"Palisade": "872000", "Voltaro": "87"}
_USUAL = "8720000"
_CARDS = "29"  # GS1 keeps the numbers from 29 for use inside a shop


def gtin_of(sku: str, brand: str) -> str:
    """The product's GTIN in 14 digits: the maker's prefix, the five digits of the SKU, the check digit."""
    return gtin.normalise(gtin.complete(_SHORT.get(brand, _USUAL) + sku.removeprefix("HH-")))


def card_of(number: int) -> str:
    """The thirteen digits of a member's card."""
    return gtin.complete(f"{_CARDS}{number:010}")
