"""The shops: which one this is, when it is open, and where things are in it."""

import re
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import OpeningHours, Place, Shop, SpecialDay, Sync
from balie_retail_kiosk.services.errors import ShopUnknown

TIMEZONE = ZoneInfo("Europe/Amsterdam")
"""The zone of all shops: their hours and days are in it."""

_LONG_ENOUGH_FOR_TYPOS = 4
_ONE_LETTER_OFF = 0.8
_WORDS = re.compile(r"[^\W_]+")
_EMPTY_WORDS = frozenset("the a an your any some nearest in at of is are where i my can do to".split())


class Hours(Struct, frozen=True):
    """When a shop is open on a day, in its local time; both None where it stays closed.

    ``why`` it is another time than usual, in English; empty on a usual day.
    """

    opens: time | None
    closes: time | None
    why: str = ""


async def this_shop(session: AsyncSession, site: str) -> Shop:
    """The shop in which the desk stands: the one with the number ``site``, the first where it is empty.

    Raises:
        ShopUnknown: no shop has this number, or there is none at all.
    """
    query = select(Shop).order_by(Shop.number).limit(1)
    if site:
        query = query.where(Shop.number == site)
    shop = await session.scalar(query)
    if shop is None:
        raise ShopUnknown(site)
    return shop


async def get_shop(session: AsyncSession, words: str) -> Shop:
    """The shop with this number ("S-02"), in this city, or with this name, a typing error apart.

    Raises:
        ShopUnknown: no shop is called so, or more than one is.
    """
    known = list(await session.scalars(select(Shop).order_by(Shop.number)))
    said = _plain(words)
    exact = [shop for shop in known if said and said in map(_plain, (shop.number, shop.city, shop.name))]
    found = exact or [shop for shop in known if _near(words, shop.city)]
    if len(found) != 1:
        raise ShopUnknown(words)
    return found[0]


async def hours_on(session: AsyncSession, shop: Shop, day: date) -> Hours:
    """When a shop is open on a day: a special day's own hours, else those of the weekday."""
    special = await session.get(SpecialDay, (shop.id, day))
    if special is not None:
        return Hours(special.opens, special.closes, special.why)
    usual = await session.get(OpeningHours, (shop.id, day.weekday()))
    return Hours(usual.opens, usual.closes) if usual else Hours(None, None)


async def is_open(session: AsyncSession, shop: Shop, now: datetime, timezone: tzinfo = TIMEZONE) -> bool:
    """Whether a shop is open at this moment; at its closing time it is closed."""
    local = now.astimezone(timezone)
    hours = await hours_on(session, shop, local.date())
    return hours.opens is not None and hours.closes is not None and hours.opens <= local.time() < hours.closes


async def find_place(session: AsyncSession, shop: Shop, words: str) -> Place | None:
    """The place in a shop that somebody means, a typing error apart; None if it has no such place.

    The longest of what places are called wins where several are in the words: "coffee corner" is no coffee.
    """
    said = _WORDS.findall(words.casefold())
    best: tuple[tuple[int, int, float], Place] | None = None
    places = list(await session.scalars(select(Place).where(Place.shop_id == shop.id)))
    # Sorted here: databases differ in where a hyphen comes.
    for place in sorted(places, key=lambda place: place.slug):
        for name in (place.name, place.slug, *place.words):
            wanted = _WORDS.findall(name.casefold())
            score = _score(said, wanted)
            if score is None:
                continue
            exact = set(wanted) == set(said) - _EMPTY_WORDS
            rank = (int(exact), len(wanted), score)
            if best is None or rank > best[0]:
                best = (rank, place)
    return best[1] if best else None


async def freshness(session: AsyncSession) -> dict[str, datetime]:
    """When the products and the stock last came from the shop's systems (UTC): ``products``, ``stock``."""
    return {row.what: row.at for row in await session.scalars(select(Sync).order_by(Sync.what))}


def _score(said: list[str], wanted: list[str]) -> float | None:
    """How well all the wanted words are among those that were said, up to 1; None if one is not."""
    scores = [max((_alike(word, each) for each in said), default=0.0) for word in wanted]
    return sum(scores) / len(scores) if scores and all(scores) else None


def _alike(word: str, said: str) -> float:
    if word == said or f"{word}s" == said or f"{said}s" == word:
        return 1.0
    if min(len(word), len(said)) < _LONG_ENOUGH_FOR_TYPOS:
        return 0.0
    # One letter too many, too few, wrong, or two swapped.
    return _ONE_LETTER_OFF if OSA.distance(word, said, score_cutoff=1) <= 1 else 0.0


def _near(words: str, name: str) -> bool:
    return _score(_WORDS.findall(words.casefold()), _WORDS.findall(name.casefold())) is not None


def _plain(words: str) -> str:
    return " ".join(_WORDS.findall(words.casefold()))
