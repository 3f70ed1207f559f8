"""The four shops: when they open, and what is where in them."""

import uuid
from collections.abc import Iterator
from datetime import date, time, timedelta
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from balie_retail_kiosk.models import OpeningHours, Place, PlaceKind, Shop, SpecialDay
from balie_retail_kiosk.sample_data.catalogue import CategoryData
from balie_retail_kiosk.sample_data.rows import Rows

_HERE = files("balie_retail_kiosk.sample_data")
_SUNDAY = 6
_FRIDAYS_BEFORE = timedelta(days=2)

# Shops stay closed then, whatever their town allows.
_ALWAYS_CLOSED = {"New Year's Day", "Easter Sunday", "Whit Sunday", "Christmas Day"}
# What the library calls them, and what people do.
_NAMES = {
    "Pentecost": "Whit Sunday",
    "Pentecost Monday": "Whit Monday",
    "Second Day of Christmas": "Boxing Day",
}
# No day off for most people: shops are open then (see _EVENING_LIMIT).
_OPEN = {"Good Friday"}
# The Dutch Shop Hours Act (Winkeltijdenwet, section 2) closes shops at 19:00 on these days.
_EVENING_LIMIT = time(19)
_EARLY = time(17)


class ShopData(Struct, frozen=True, forbid_unknown_fields=True):
    """A shop as it stands in shops.toml."""

    number: str
    name: str
    street: str
    postcode: str
    city: str
    phone: str
    hours: list[str]
    holidays: Literal["sunday", "closed"]
    aisles: list[int]

    def aisle(self, category: CategoryData) -> int:
        """The number of the aisle in which a category lies here."""
        return self.aisles[category.aisle - 1]

    def week(self) -> list[tuple[time, time] | None]:
        """When it opens and closes from Monday to Sunday; None where it stays closed."""
        return [
            (time.fromisoformat(opens), time.fromisoformat(closes)) if closes else None
            for opens, _, closes in (text.partition("-") for text in self.hours)
        ]


class _PlaceData(Struct, forbid_unknown_fields=True):
    slug: str
    kind: PlaceKind
    name: str
    name_nl: str
    words: list[str]
    at: dict[str, str]


class _Shops(Struct, forbid_unknown_fields=True):
    shop: list[ShopData]


class _Places(Struct, forbid_unknown_fields=True):
    spots: dict[str, tuple[str, str]]
    place: list[_PlaceData]


def shops() -> list[ShopData]:
    """The shops, by number."""
    return msgspec.toml.decode((_HERE / "shops.toml").read_text(encoding="utf-8"), type=_Shops).shop


def add_shops(rows: Rows, categories: tuple[CategoryData, ...]) -> dict[str, uuid.UUID]:
    """The shops with their hours and places; their keys by number."""
    places = msgspec.toml.decode((_HERE / "places.toml").read_text(encoding="utf-8"), type=_Places)
    keys: dict[str, uuid.UUID] = {}
    for shop in shops():
        key = keys[shop.number] = rows.add(
            Shop,
            number=shop.number,
            name=shop.name,
            street=shop.street,
            postcode=shop.postcode,
            city=shop.city,
            phone=shop.phone,
        )
        for weekday, hours in enumerate(shop.week()):
            if hours:
                rows.add_keyed(OpeningHours, shop_id=key, weekday=weekday, opens=hours[0], closes=hours[1])
        for day, closing, why in _special_days(shop, rows.today):
            opens, closes = closing or (None, None)
            rows.add_keyed(SpecialDay, shop_id=key, day=day, opens=opens, closes=closes, why=why)
        _add_places(rows, key, shop, places)
        _add_departments(rows, key, shop, categories)
    return keys


def _special_days(shop: ShopData, today: date) -> Iterator[tuple[date, tuple[time, time] | None, str]]:
    # The library takes a third of a second to import.
    import holidays

    week = shop.week()
    years = range(today.year, today.year + 2)
    named = holidays.country_holidays("NL", years=years, language="en_US")
    found: dict[date, tuple[tuple[time, time] | None, str]] = {}
    for year in years:
        easter = next(day for day in named.get_named("Easter Sunday") if day.year == year)
        for day, latest, why in (
            (easter - _FRIDAYS_BEFORE, _EVENING_LIMIT, "Good Friday"),
            (date(year, 5, 4), _EVENING_LIMIT, "Remembrance Day"),
            (date(year, 12, 24), _EARLY, "Christmas Eve"),
            (date(year, 12, 31), _EARLY, "New Year's Eve"),
        ):
            usual = week[day.weekday()]
            if usual and usual[1] > latest:
                found[day] = ((usual[0], latest), why)
    for day, called in sorted(named.items()):
        why = _NAMES.get(called, called)
        if why in _OPEN:
            continue
        closed = why in _ALWAYS_CLOSED or shop.holidays == "closed"
        found[day] = (None if closed else week[_SUNDAY], why)
    for day, (hours, why) in sorted(found.items()):
        yield day, hours, why


def _add_places(rows: Rows, key: uuid.UUID, shop: ShopData, places: _Places) -> None:
    for place in places.place:
        if shop.number not in place.at:
            continue
        directions, directions_nl = places.spots[place.at[shop.number]]
        rows.add(
            Place,
            shop_id=key,
            slug=place.slug,
            kind=place.kind,
            name=place.name,
            name_nl=place.name_nl,
            words=place.words,
            aisle=None,
            directions=directions,
            directions_nl=directions_nl,
        )


def _add_departments(
    rows: Rows, key: uuid.UUID, shop: ShopData, categories: tuple[CategoryData, ...]
) -> None:
    for category in categories:
        aisle = shop.aisle(category)
        # Odd numbers are on the left of the middle path, even ones on the right.
        row, left = (aisle + 1) // 2, aisle % 2 == 1
        rows.add(
            Place,
            shop_id=key,
            slug=category.slug,
            kind=PlaceKind.DEPARTMENT,
            name=category.name,
            name_nl=category.name_nl,
            words=category.synonyms,
            aisle=f"A{aisle}",
            directions=f"In aisle A{aisle}: from the entrance, row {row} on your {'left' if left else 'right'}.",
            directions_nl=(
                f"In gangpad A{aisle}: vanaf de ingang rij {row}, {'links' if left else 'rechts'}."
            ),
        )
