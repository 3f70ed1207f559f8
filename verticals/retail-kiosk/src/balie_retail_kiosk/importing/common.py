"""What both kinds of rows share: names that can be read, and the note of when they came."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any

from balie.importing import Complaint, ImportReport
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Sync
from balie_retail_kiosk.services import gtin
from balie_retail_kiosk.services.errors import GtinWrong

TEXT = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: they have no place on a screen or on a quote."""

Sku = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$",
        description="Up to 20 letters, digits, points and dashes, such as HH-10001",
    ),
]
Gtin = Annotated[
    str, Meta(max_length=20, description="8, 12, 13 or 14 digits in quotation marks, such as 8720000100012")
]


def stripped(values: dict[str, Any], *names: str) -> Iterator[Complaint]:
    """Take the space around these texts away; it complains of those with nothing else in them."""
    for name in names:
        if name in values:
            values[name] = values[name].strip()
            if not values[name]:
                yield name, "there is nothing in it", "at least one character that can be seen"


def with_14_digits(values: dict[str, Any]) -> Iterator[Complaint]:
    """Write the GTIN as it is stored; it complains of one that is none, with the right check digit."""
    if "gtin" in values:
        try:
            values["gtin"] = gtin.normalise(values["gtin"])
        except GtinWrong as error:
            right = error.facts["right"]
            yield "gtin", str(error), right or "8, 12, 13 or 14 digits, the last one the check digit"


def nearest(word: str, known: Iterable[str]) -> str:
    """What is right where ``word`` is not known: the nearest one, or the first few."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    return near[0] if near else ", ".join(words[:12]) + (" …" if len(words) > 12 else "")


async def note_sync(session: AsyncSession, what: str, report: ImportReport, now: datetime) -> None:
    """The screens say from when their data are; this is it."""
    sync = await session.get(Sync, what)
    if sync is None:
        session.add(Sync(what=what, at=now, rows=report.accepted))
    else:
        sync.at, sync.rows = now, report.accepted
