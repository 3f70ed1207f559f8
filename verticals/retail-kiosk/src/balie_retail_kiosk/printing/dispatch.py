"""What has to be printed, out of the outbox and on to paper.

``print_quote`` puts a message in the outbox in the transaction of its turn. :func:`outgoing` takes it out when
the turn is done. Two rules:

- A quote is printed once. A message is marked as sent before the printer gets it; only where the printer has
  taken nothing at all of it does it wait again.
- Nothing is printed for somebody who is gone: what could not be printed within ``WITHIN`` never will be.

What a printer has spoilt, and everything where there is none, is left as PDF in :func:`folder`.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from balie import locations
from balie.agent.desk import Desk
from balie.config import Settings
from balie.db.tables import OutboxMessage
from balie.errors import BalieError
from balie.locales import marked
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Quote
from balie_retail_kiosk.printing.beside import beside
from balie_retail_kiosk.printing.devices import open_printer
from balie_retail_kiosk.printing.errors import NoPrinter, PrinterError
from balie_retail_kiosk.printing.pdf import quote_pdf
from balie_retail_kiosk.printing.receipt import print_quote, test_page
from balie_retail_kiosk.printing.sheet import Beside, words_in
from balie_retail_kiosk.services import quotes
from balie_retail_kiosk.services.errors import QuoteUnknown

log = logging.getLogger(__name__)

TOPIC = "quote.print"
RECIPIENT = "printer"
WITHIN = timedelta(minutes=2)
"""How long somebody waits at a kiosk for paper; what comes later would come for the next one."""

PRINTED = marked("Quote {number} is printed; take it below.")
FILED = marked("Quote {number} is ready. Give its number to a colleague, who prints it for you.")
NOT_PRINTED = marked("{why} Give the number {number} to a colleague, who prints it for you.")
WAITING = marked("{why} Quote {number} is printed as soon as it can be.")


@dataclass(frozen=True)
class _Job:
    """A message that is taken out, and all that its paper needs."""

    message: OutboxMessage
    quote: Quote
    beside: Beside
    language: str


def folder() -> Path:
    """Where quotes are left that no printer printed, for staff to print: ``quotes`` in the data folder."""
    place = locations.data() / "quotes"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


async def outgoing(desk: Desk, language: str) -> Sequence[str]:
    """Print what waits for this kiosk's printer; cheap where nothing does.

    Returns:
        What the person is told of it, in their language.
    """
    words = words_in(language)
    told: list[str] = []
    tried: set[UUID] = set()
    while (job := await _take(desk, tried)) is not None:
        tried.add(job.message.id)
        sentence, why = await _carry_out(desk, job)
        if sentence:
            told.append(words(sentence, number=job.quote.number, why=words(why)))
    return told


def test_print(settings: Settings) -> None:
    """Print the test page.

    Raises:
        PrinterError: it was not printed, and why. ConfigError: the printer's address can't be read.
    """
    printer = open_printer(settings.kiosk.printer)
    if printer is None:
        raise NoPrinter
    test_page(printer, settings.language, settings.kiosk.name, settings.site)


async def _take(desk: Desk, tried: Collection[UUID]) -> _Job | None:
    """The oldest message that is for this kiosk, marked as sent."""
    async with desk.database.read() as session:
        if not await _waiting(session, desk, tried):
            return None
    now = desk.clock()
    async with desk.database.write() as session:
        for message in await _waiting(session, desk, tried):
            message.sent_at = now
            if message.created_at < now - WITHIN:
                message.last_error = message.last_error or "nobody waits for it any more"
                continue
            message.attempts += 1
            language = message.payload["language"]
            try:
                quote = await quotes.get(session, message.payload["quote"])
            except QuoteUnknown as error:
                message.last_error = str(error)
                continue
            return _Job(message, quote, await beside(session, quote, language, desk.timezone), language)
    return None


async def _waiting(session: AsyncSession, desk: Desk, tried: Collection[UUID]) -> list[OutboxMessage]:
    """What is not sent yet and for this kiosk, oldest first; a message that names no kiosk is for any."""
    waiting = (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.topic == TOPIC,
            OutboxMessage.recipient == RECIPIENT,
        )
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    )
    here = desk.settings.kiosk.name
    found = await session.scalars(waiting)
    return [
        message for message in found if message.id not in tried and message.payload.get("kiosk", here) == here
    ]


async def _carry_out(desk: Desk, job: _Job) -> tuple[str, str]:
    """Print it, or leave it as PDF; gives the sentence that tells of it (empty for nothing), and why."""
    try:
        printer = open_printer(desk.settings.kiosk.printer)
        if printer is None:
            await asyncio.to_thread(_file, job)
            return FILED, ""
        await asyncio.to_thread(print_quote, job.quote, printer, job.language, job.beside)
    except BalieError as error:
        log.warning("quote %s was not printed: %s", job.quote.number, error)
        again = isinstance(error, PrinterError) and not error.begun
        await _failed(desk, job, str(error), again=again)
        why = str(error) if isinstance(error, PrinterError) else PrinterError.words
        if again:
            return (WAITING if job.message.attempts == 1 else ""), why
        await asyncio.to_thread(_file, job)
        return NOT_PRINTED, why
    return PRINTED, ""


async def _failed(desk: Desk, job: _Job, why: str, *, again: bool) -> None:
    async with desk.database.write() as session:
        message = await session.get_one(OutboxMessage, job.message.id)
        message.last_error = why
        if again:
            message.sent_at = None


def _file(job: _Job) -> None:
    """Leave it as PDF, whole or not at all."""
    pdf = quote_pdf(job.quote, job.language, job.beside)
    place = folder() / f"{job.quote.number}.pdf"
    unfinished = place.with_suffix(".part")
    unfinished.write_bytes(pdf)
    unfinished.replace(place)
