"""What attributes are called, and how their values are written.

An attribute's name ends in its unit (``screen_inch``, ``steam_g_min``), or has none (``panel``). Labels in
English and Dutch are in attributes.toml; an attribute that is not there, from an import, is called by its
name. Values that are words stay as they are: they belong to the product, as its name does.
"""

import functools
import re
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise

import msgspec
from babel.numbers import format_decimal

from balie_retail_kiosk.models import Attribute

_DUTCH = "nl"
_TERABYTE = 1000  # gigabytes

# The end of a name → the unit in English and Dutch. Longer ends come first.
_UNITS: dict[str, tuple[str, str]] = {
    "months": ("months", "maanden"),
    "g_min": ("g/min", "g/min"),
    "gbps": ("Gbit/s", "Gbit/s"),
    "mbps": ("Mbit/s", "Mbit/s"),
    "inch": ("inch", "inch"),
    "mah": ("mAh", "mAh"),
    "mbs": ("MB/s", "MB/s"),
    "rpm": ("rpm", "toeren"),
    "min": ("min", "min"),
    "bar": ("bar", "bar"),
    "cm": ("cm", "cm"),
    "mm": ("mm", "mm"),
    "m2": ("m²", "m²"),
    "kg": ("kg", "kg"),
    "ml": ("ml", "ml"),
    "gb": ("GB", "GB"),
    "hz": ("Hz", "Hz"),
    "db": ("dB", "dB"),
    "lm": ("lm", "lm"),
    "pa": ("Pa", "Pa"),
    "wh": ("Wh", "Wh"),
    "m": ("m", "m"),
    "g": ("g", "g"),
    "l": ("l", "l"),
    "h": ("hours", "uur"),
    "w": ("W", "W"),
    "k": ("K", "K"),
    "v": ("V", "V"),
}
assert all(len(a) >= len(b) for a, b in pairwise(_UNITS))


def label(name: str, language: str = "en") -> str:
    """What an attribute is called: "Screen" for ``screen_inch``, "Scherm" in Dutch."""
    known = _labels().get(name)
    if known:
        return known[language == _DUTCH]
    bare = name.removesuffix(f"_{_end(name)}").replace("_", " ").strip() or name
    return bare[0].upper() + bare[1:]


def unit(name: str, language: str = "en") -> str:
    """The unit of an attribute: "inch" for ``screen_inch``; empty where it has none."""
    end = _end(name)
    return _UNITS[end][language == _DUTCH] if end else ""


def shown(name: str, value: Attribute, language: str = "en") -> str:
    """A value with its unit: "55 inch", "1.7 l" ("1,7 l" in Dutch), "2 TB", "yes"."""
    dutch = language == _DUTCH
    if isinstance(value, bool):
        return ("ja" if dutch else "yes") if value else ("nee" if dutch else "no")
    if isinstance(value, str):
        return value
    end = _end(name)
    if end == "gb" and value >= _TERABYTE:
        return f"{_number(value / _TERABYTE, dutch)} TB"
    return f"{_number(value, dutch)} {unit(name, language)}".strip()


def defining(product: str, attributes: Mapping[str, Attribute]) -> list[str]:
    """The attributes that a product's name tells: a television's inches, a cable's metres, "with Mop".

    They are what its category is told apart by, and what somebody who wants something like it means.
    """
    words = _padded(product)
    return [name for name, value in attributes.items() if _padded(_in_names(name, value)) in words]


def ordered(product: str, attributes: Mapping[str, Attribute]) -> list[tuple[str, Attribute]]:
    """Attributes as a specification sheet has them: what the product's name tells first, then by label."""
    first = set(defining(product, attributes))
    return sorted(attributes.items(), key=lambda each: (each[0] not in first, label(each[0]), each[0]))


def _in_names(name: str, value: Attribute) -> str:
    if isinstance(value, bool):
        return name.replace("_", " ") if value else "-"
    if isinstance(value, str) or _end(name):
        return shown(name, value)
    return f"{shown(name, value)} {name}"


def _padded(text: str) -> str:
    return f" {' '.join(re.findall(r'[^ ,]+', text.casefold()))} "


def _number(value: float, dutch: bool) -> str:
    return format_decimal(value, format="0.###", locale=_DUTCH if dutch else "en")


def _end(name: str) -> str:
    return next((end for end in _UNITS if name.endswith(f"_{end}")), "")


@functools.cache
def _labels() -> dict[str, tuple[str, str]]:
    text = (files("balie_retail_kiosk.services") / "attributes.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=dict[str, tuple[str, str]])
