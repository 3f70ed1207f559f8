"""What goes with what, by what fits: a bracket that holds the screen, the brushes of that robot."""

import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import itemgetter

from msgspec import Struct

from balie_retail_kiosk.models import Accessory, Attribute
from balie_retail_kiosk.sample_data.catalogue import Ware
from balie_retail_kiosk.sample_data.rows import Rows

_HOUSE_BRAND = "Harbour"
_SOUNDBAR_SHARE = Decimal("0.31")  # of a television's price: what people spend on its sound

Fits = Callable[[Ware, Ware], bool]
Order = Callable[[Ware, Ware], tuple[object, ...]]


def _always(_ware: Ware, _accessory: Ware) -> bool:
    return True


def _same(mine: str, its: str) -> Fits:
    return lambda ware, accessory: (
        mine in ware.attributes and ware.attributes[mine] == accessory.attributes.get(its)
    )


def _is(**wanted: Attribute) -> Fits:
    return lambda _ware, accessory: all(
        accessory.attributes.get(key) == value for key, value in wanted.items()
    )


def _holds(ware: Ware, bracket: Ware) -> bool:
    screen, its = _number(ware, "screen_inch"), bracket.attributes
    in_range = _number(bracket, "min_inch") <= screen <= _number(bracket, "max_inch")
    return (
        in_range
        and _number(ware, "weight_kg") <= _number(bracket, "max_load_kg")
        and its["type"] != "Ceiling"
    )


def _charges(ware: Ware, charger: Ware) -> bool:
    enough = _number(charger, "power_w") >= _number(ware, "charger_w")
    return enough and charger.attributes["connector"] == "USB-C" and "Car" not in charger.name


def _not_wider(ware: Ware, soundbar: Ware) -> bool:
    return _number(soundbar, "width_cm") <= _number(ware, "width_cm")


def _of_series(ware: Ware, part: Ware) -> bool:
    if ware.attributes["series"] != part.attributes["fits"]:
        return False
    needs = {"Mop Cloths": ("mop",), "Dust Bags": ("self_emptying", "bag")}.get(str(part.attributes["type"]))
    return needs is None or "Steam Mop" in ware.name or any(ware.attributes.get(name) for name in needs)


def _metres(least: float, most: float) -> Fits:
    return lambda _ware, cable: least <= _number(cable, "length_m") <= most


def _suits(ware: Ware, accessory: Ware) -> bool:
    return accessory.attributes["suits"] in ("all", ware.attributes["type"])


def _beans(ware: Ware, coffee: Ware) -> bool:
    forms = {
        "drip": ("ground", "beans"),
        "espresso": ("ground", "beans"),
        "bean-to-cup": ("beans",),
        "capsule": ("capsules",),
    }
    return coffee.attributes["form"] in forms.get(str(ware.attributes["type"]), ("ground",))


def _replaceable(ware: Ware, battery: Ware) -> bool:
    return ware.attributes.get("battery_size") == battery.attributes["size"]


def _number(ware: Ware, name: str) -> float:
    return float(ware.attributes[name])


def _cheap(ware: Ware, accessory: Ware) -> tuple[object, ...]:
    """The house brand first, then the product's own brand, then by price."""
    return accessory.brand != _HOUSE_BRAND, accessory.brand != ware.brand, accessory.price, accessory.sku


def _own_brand(ware: Ware, accessory: Ware) -> tuple[object, ...]:
    return accessory.brand != ware.brand, accessory.price, accessory.sku


def _worth_it(ware: Ware, accessory: Ware) -> tuple[object, ...]:
    return abs(accessory.price - ware.price * _SOUNDBAR_SHARE), accessory.sku


class Rule(Struct, frozen=True):
    """Products of one category go with those of another one that fit, ``most`` of them at most."""

    category: str
    accessory: str
    why: str
    fits: Fits = _always
    most: int = 2
    order: Order = _cheap


RULES = (
    Rule("televisions", "tv-brackets", "hangs this screen on the wall", _holds, 3),
    Rule("televisions", "hdmi-cables", "connects a player or console", _metres(1, 2)),
    Rule("televisions", "soundbars", "gives the picture its sound", _not_wider, 1, _worth_it),
    Rule("soundbars", "hdmi-cables", "connects it to the television", _metres(1, 2)),
    Rule("media-players", "hdmi-cables", "connects it to the television", _metres(1, 2)),
    Rule("monitors", "hdmi-cables", "connects it to the computer", _metres(1, 2)),
    Rule("monitors", "keyboards-and-mice", "goes with it on the desk", _is(type="Keyboard and Mouse"), 1),
    Rule("laptops", "chargers", "a second charger that is strong enough", _charges),
    Rule("laptops", "keyboards-and-mice", "easier than the touchpad", _is(type="Mouse")),
    Rule("laptops", "storage", "for copies of what matters", _is(type="External SSD"), 1),
    Rule("tablets", "chargers", "a second charger that is strong enough", _charges, 1),
    Rule("printers", "ink-cartridges", "what it prints with", _same("cartridge", "cartridge"), 5),
    Rule("printers", "usb-cables", "connects it to the computer", _is(other_end="USB-B"), 1),
    Rule("keyboards-and-mice", "batteries", "the batteries that it takes", _replaceable),
    Rule("radios", "batteries", "the batteries that it takes", _replaceable),
    Rule("smart-home", "batteries", "the batteries that it takes", _replaceable),
    Rule("security-cameras", "storage", "keeps what it records", _same("memory_card", "connector")),
    Rule("power-banks", "usb-cables", "charges it, and from it", _is(connector="USB-C", other_end="USB-C")),
    Rule("chargers", "usb-cables", "the cable to charge with", _same("connector", "connector")),
    Rule("headphones", "chargers", "charges it", _is(power_w=20), 1),
    Rule("bluetooth-speakers", "chargers", "charges it", _is(power_w=20), 1),
    Rule("lamps", "light-bulbs", "the bulb that fits", _same("fitting", "fitting")),
    Rule("robot-vacuums", "vacuum-accessories", "made for this series", _of_series, 5),
    Rule("vacuum-cleaners", "vacuum-accessories", "made for this series", _of_series, 4),
    Rule("coffee-machines", "coffee-and-tea", "coffee for this kind of machine", _beans, 2, _own_brand),
    Rule("coffee-machines", "coffee-accessories", "made for this kind of machine", _suits, 4, _own_brand),
    Rule("kettles", "coffee-accessories", "takes the chalk out", _is(type="descaler")),
    Rule("kettles", "coffee-and-tea", "for the first cup", _is(form="tea bags")),
    Rule("routers", "power-strips", "sockets for all that hangs on it", _is(surge_protection=True), 1),
    Rule("washing-machines", "smart-home", "warns before the floor is wet", _is(type="Water Leak Sensor"), 1),
    Rule("refrigerators", "power-strips", "protects it from a surge", _is(surge_protection=True), 1),
)
"""The reasons are a closed set, so that they can be translated."""


def add_accessories(rows: Rows, wares: list[tuple[Ware, uuid.UUID]]) -> None:
    """What goes with each product."""
    by_category: dict[str, list[tuple[Ware, uuid.UUID]]] = {}
    for ware, key in wares:
        by_category.setdefault(ware.category, []).append((ware, key))
    for rule in RULES:
        others = by_category[rule.accessory]
        for ware, key in by_category[rule.category]:
            for accessory in _best(rule, ware, others):
                rows.add_keyed(Accessory, product_id=key, accessory_id=accessory, why=rule.why)


def _best(rule: Rule, ware: Ware, others: list[tuple[Ware, uuid.UUID]]) -> Iterator[uuid.UUID]:
    found = [(rule.order(ware, other), key) for other, key in others if rule.fits(ware, other)]
    for _, key in sorted(found, key=itemgetter(0))[: rule.most]:
        yield key
