"""What the screens of this shop have in common: who sees them, where they stand, how states are called."""

from balie.locales import marked
from balie.tui import DeskSession
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import (
    CallReason,
    CallStatus,
    Category,
    Place,
    PriceMatchStatus,
    Promotion,
    ReservationStatus,
    Shop,
)
from balie_retail_kiosk.services import shops

STAFF = frozenset({"staff", "admin"})
VISITORS = frozenset({"customer"})

REASONS = {
    CallReason.ADVICE: marked("advice"),
    CallReason.LOCKED_CABINET: marked("something behind glass"),
    CallReason.HEAVY_ITEM: marked("something heavy"),
    CallReason.PAYMENT: marked("paying"),
    CallReason.RETURN: marked("a return"),
    CallReason.KIOSK_PROBLEM: marked("trouble with the kiosk"),
    CallReason.OTHER: marked("something else"),
}
CALL_STATES = {
    CallStatus.WAITING: marked("waits"),
    CallStatus.TAKEN: marked("somebody goes"),
    CallStatus.CLOSED: marked("done"),
}
RESERVATION_STATES = {
    ReservationStatus.ACTIVE: marked("kept back"),
    ReservationStatus.COLLECTED: marked("collected"),
    ReservationStatus.CANCELLED: marked("cancelled"),
    ReservationStatus.EXPIRED: marked("over"),
}
MATCH_STATES = {
    PriceMatchStatus.REQUESTED: marked("to be decided"),
    PriceMatchStatus.APPROVED: marked("approved"),
    PriceMatchStatus.DECLINED: marked("declined"),
}

SHOP_ASSISTANT = marked("Shop assistant")
"""The agent, as the conversation names it."""

FEASTS = (
    marked("New Year's Day"),
    marked("Good Friday"),
    marked("Easter Sunday"),
    marked("Easter Monday"),
    marked("King's Day"),
    marked("Remembrance Day"),
    marked("Liberation Day"),
    marked("Ascension Day"),
    marked("Whit Sunday"),
    marked("Whit Monday"),
    marked("Christmas Eve"),
    marked("Christmas Day"),
    marked("Boxing Day"),
    marked("New Year's Eve"),
)
"""Why a day has hours of its own, as the shop's data say it."""


async def here(session: DeskSession, db: AsyncSession) -> Shop:
    """The shop that this desk stands in."""
    return await shops.this_shop(db, session.desk.settings.site)


def colleague(session: DeskSession) -> str:
    """The name under which a member of staff does something."""
    return session.caller.identity or str(session.caller.role)


def named(thing: Category | Place | Promotion, session: DeskSession) -> str:
    """What it is called, in the language of whoever stands before the screen."""
    return thing.name_nl if session.caller.language == "nl" else thing.name
