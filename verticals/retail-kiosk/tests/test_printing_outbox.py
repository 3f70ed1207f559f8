"""Out of the outbox and on to paper: once, and for nobody who is gone."""

import asyncio
from datetime import timedelta

import pytest
from balie.config import KioskSettings, Settings
from balie.db import OutboxMessage, outbox
from balie.vertical import load
from balie_retail_kiosk.printing import NoPrinter, dispatch
from balie_retail_kiosk.services import quotes, shops
from balie_retail_kiosk.services.items import Item
from balie_testing.escpos import NO_PAPER, network_printer, read
from sqlalchemy import select

VERTICAL = load("retail-kiosk")
pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where quotes are left as PDF."""
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "quotes"


@pytest.fixture
def device(tmp_path):
    file = tmp_path / "lp0"
    file.touch()
    return file


@pytest.fixture
def kiosk(desk, folder):
    """``await kiosk(printer)``: the desk of Kiosk 1 with that printer."""

    async def opened(printer=""):
        settings = Settings(kiosk=KioskSettings(name="Kiosk 1", printer=str(printer)))
        return await desk(VERTICAL, settings=settings)

    return opened


async def ask_to_print(desk, *, language="en", kiosk=None):
    """A quote for two cables and a lamp, and the wish to have it printed; gives its number."""
    async with desk.database.write() as session:
        quote = await quotes.make(
            session,
            [Item("HH-10001", 2), Item("HH-50002", 3)],
            shop=await shops.this_shop(session, ""),
            now=desk.clock(),
            timezone=desk.timezone,
            member=False,
            conversation=None,
        )
        payload = {"quote": quote.number, "language": language} | ({"kiosk": kiosk} if kiosk else {})
        await outbox.enqueue(
            session, topic=dispatch.TOPIC, recipient=dispatch.RECIPIENT, payload=payload, at=desk.clock()
        )
        return quote.number


async def messages(desk):
    async with desk.database.read() as session:
        return list(await session.scalars(select(OutboxMessage).where(OutboxMessage.topic == dispatch.TOPIC)))


async def test_what_waits_is_printed_and_told(kiosk, device):
    desk = await kiosk(f"file:{device}")
    number = await ask_to_print(desk)
    assert await dispatch.outgoing(desk, "en") == [f"Quote {number} is printed; take it below."]
    printed = read(device.read_bytes())
    assert printed.codes == [number]
    assert "Lumen LED Bulb E27 8 W" in printed.text
    assert "HDMI" in printed.text.split("Total")[0]
    (message,) = await messages(desk)
    assert (message.attempts, message.sent_at, message.last_error) == (1, desk.clock(), None)


async def test_the_paper_is_in_the_language_of_who_asked(kiosk, device):
    desk = await kiosk(f"file:{device}")
    number = await ask_to_print(desk, language="nl")
    assert await dispatch.outgoing(desk, "nl") == [f"Offerte {number} is geprint; neem hem hieronder mee."]
    assert f"Offerte {number}" in read(device.read_bytes()).lines


async def test_it_is_printed_once_however_often_somebody_looks(kiosk, device):
    desk = await kiosk(f"file:{device}")
    await ask_to_print(desk)
    told = await asyncio.gather(*(dispatch.outgoing(desk, "en") for _ in range(5)))
    told.append(await dispatch.outgoing(desk, "en"))
    assert sum(map(len, told)) == 1
    assert read(device.read_bytes()).cuts == 1


async def test_without_a_printer_it_is_left_for_staff(kiosk, folder):
    desk = await kiosk()
    number = await ask_to_print(desk)
    (said,) = await dispatch.outgoing(desk, "en")
    assert number in said
    assert "colleague" in said
    (file,) = folder.iterdir()
    assert file.name == f"{number}.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
    assert await dispatch.outgoing(desk, "en") == []


async def test_a_printer_that_is_not_there_yet_prints_once_it_is(kiosk, tmp_path):
    device = tmp_path / "later"
    desk = await kiosk(f"file:{device}")
    number = await ask_to_print(desk)
    assert await dispatch.outgoing(desk, "en") == [
        f"The printer can't be reached. Quote {number} is printed as soon as it can be."
    ]
    assert await dispatch.outgoing(desk, "en") == [], "told once"
    device.touch()
    assert await dispatch.outgoing(desk, "en") == [f"Quote {number} is printed; take it below."]
    assert await dispatch.outgoing(desk, "en") == []
    assert read(device.read_bytes()).cuts == 1


async def test_nothing_is_printed_for_somebody_who_is_gone(kiosk, frozen_clock, tmp_path):
    device = tmp_path / "later"
    desk = await kiosk(f"file:{device}")
    await ask_to_print(desk)
    await dispatch.outgoing(desk, "en")
    frozen_clock.move(dispatch.WITHIN + timedelta(seconds=1))
    device.touch()
    assert await dispatch.outgoing(desk, "en") == []
    assert device.read_bytes() == b""
    (message,) = await messages(desk)
    assert message.sent_at is not None
    assert message.last_error == "The printer can't be reached."


async def test_what_the_printer_spoilt_is_not_printed_again_but_left_for_staff(kiosk, folder):
    with network_printer(paper_after=NO_PAPER) as (address, jobs):
        desk = await kiosk(address)
        number = await ask_to_print(desk)
        (said,) = await dispatch.outgoing(desk, "en")
        assert said.startswith(f"The printer has no paper. Give the number {number}")
        assert await dispatch.outgoing(desk, "en") == []
    assert len(jobs) == 1
    assert [file.name for file in folder.iterdir()] == [f"{number}.pdf"]


async def test_what_another_kiosk_shall_print_is_left_to_it(kiosk, device):
    desk = await kiosk(f"file:{device}")
    await ask_to_print(desk, kiosk="Kiosk 2")
    here = await ask_to_print(desk, kiosk="Kiosk 1")
    await dispatch.outgoing(desk, "en")
    assert read(device.read_bytes()).codes == [here]
    assert [message.sent_at is None for message in await messages(desk)] == [True, False]


async def test_a_quote_that_is_not_there_stops_nothing(kiosk, device):
    desk = await kiosk(f"file:{device}")
    async with desk.database.write() as session:
        await outbox.enqueue(
            session,
            topic=dispatch.TOPIC,
            recipient=dispatch.RECIPIENT,
            payload={"quote": "Q-000000", "language": "en"},
            at=desk.clock(),
        )
    number = await ask_to_print(desk)
    await dispatch.outgoing(desk, "en")
    assert read(device.read_bytes()).codes == [number]


async def test_an_address_that_is_none_is_a_printer_that_does_not_work(kiosk, folder):
    desk = await kiosk("serial:1")
    number = await ask_to_print(desk)
    (said,) = await dispatch.outgoing(desk, "en")
    assert said.startswith("The printer does not work.")
    assert (folder / f"{number}.pdf").is_file()


def test_the_operator_prints_the_test_page(device):
    dispatch.test_print(Settings(site="S-01", kiosk=KioskSettings(name="Kiosk 1", printer=f"file:{device}")))
    assert "Test page" in read(device.read_bytes()).lines
    with pytest.raises(NoPrinter):
        dispatch.test_print(Settings())
