"""What a specification sheet says, and why something else would do, in the caller's language."""

from decimal import Decimal

from balie_retail_kiosk.models import Attribute, Product
from balie_retail_kiosk.results import Feature
from balie_retail_kiosk.services import attributes
from balie_retail_kiosk.services.alternatives import Reason, ReasonKind

_TITLES = {"price": "Price", "brand": "Brand", "warranty_months": "Warranty"}
_TITLES_NL = {"price": "Prijs", "brand": "Merk", "warranty_months": "Garantie"}


def title(name: str, language: str) -> str:
    """What a line of the sheet is called: "Screen", "Scherm"."""
    own = _TITLES_NL if language == "nl" else _TITLES
    return own.get(name) or attributes.label(name, language)


def shown(name: str, value: Attribute | Decimal, language: str) -> str:
    """A value with its unit, as the language writes it: "1.7 l", "1,7 l"; "yes", "ja"."""
    if isinstance(value, Decimal):
        from babel.numbers import format_currency

        return format_currency(value, "EUR", locale=language)
    return attributes.shown(name, value, language)


def sheet(product: Product, language: str) -> list[Feature]:
    """The lines of a product's sheet; what it has not is left out."""
    return [
        Feature(title(name, language), shown(name, value, language))
        for name, value in product.attributes.items()
        if value is not False and value != "" and name not in ("series", "model", "suffix")
    ]


def why(reason: Reason, language: str) -> str:
    """A reason in words: "€30.00 cheaper", "the same brand", "with mop"."""
    dutch = language == "nl"
    name = reason.name or ""
    line = title(name, language).lower() if name else ""
    value = "" if reason.value is None else shown(name, reason.value, language)
    match reason.kind:
        case ReasonKind.SAME_BRAND:
            return "hetzelfde merk" if dutch else "the same brand"
        case ReasonKind.SAME_PRICE:
            return "dezelfde prijs" if dutch else "the same price"
        case ReasonKind.CHEAPER:
            return f"{value} {'goedkoper' if dutch else 'cheaper'}"
        case ReasonKind.DEARER:
            return f"{value} {'duurder' if dutch else 'more expensive'}"
        case ReasonKind.SAME:
            return f"ook {line} {value}" if dutch else f"also {line} {value}"
        case ReasonKind.WITH:
            return f"{'met' if dutch else 'with'} {line}"
        case ReasonKind.WITHOUT:
            return f"{'zonder' if dutch else 'without'} {line}"
        case _:
            before = "" if reason.instead_of is None else shown(name, reason.instead_of, language)
            return f"{line} {value} {'in plaats van' if dutch else 'instead of'} {before}"
