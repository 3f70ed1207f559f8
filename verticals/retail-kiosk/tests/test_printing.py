"""A quote on paper: the PDF, what the receipt printer prints, what is wrong with the printer, and once only."""

import os
import pty
import re
import socket
import subprocess
import sys
import zlib
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from balie.errors import ConfigError
from balie.vertical import load
from balie_retail_kiosk.models import Quote, QuoteLine, Shop, Vat
from balie_retail_kiosk.printing import (
    Beside,
    PaperOut,
    PrinterBusy,
    PrinterMissing,
    devices,
    open_printer,
    print_quote,
    quote_pdf,
    receipt,
)
from balie_retail_kiosk.printing.qr import modules
from balie_testing.escpos import NO_PAPER, OFFLINE, network_printer, read

VERTICAL = load("retail-kiosk")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
anyio = pytest.mark.anyio


@pytest.fixture
def anyio_backend():
    return "asyncio"


def line(position, sku, name, quantity, price, *, off="0.00", rate=21, promotions=""):
    unit_price, discount = Decimal(price), Decimal(off)
    amount = unit_price * quantity - discount
    return QuoteLine(
        position=position,
        sku=sku,
        name=name,
        quantity=quantity,
        unit_price=unit_price,
        discount=discount,
        amount=amount,
        vat=Vat.STANDARD if rate == 21 else Vat.REDUCED,
        vat_percent=rate,
        vat_amount=(amount * rate / (100 + rate)).quantize(Decimal("0.01")),
        promotions=promotions,
    )


def quote(*lines, number="Q-7F3K2M"):
    lines = lines or (
        line(1, "HH-10001", "Harbour HDMI Cable 2 m", 2, "12.95", off="2.59", promotions="P-02"),
        line(2, "HH-20001", "Meridian 55 inch 4K TV M55", 1, "479.00"),
        line(3, "HH-40003", "Dune Coffee Beans Dark Roast 1 kg – crème brûlée", 3, "14.95", rate=9),
    )
    return Quote(
        number=number,
        shop=Shop(
            number="S-01",
            name="Rotterdam",
            street="Coolsingel 42",
            postcode="3011 AD",
            city="Rotterdam",
            phone="010 555 0142",
        ),
        created_at=NOW,
        valid_until=date(2026, 3, 17),
        member=False,
        currency="EUR",
        total=sum(each.amount for each in lines),
        lines=list(lines),
    )


BESIDE = Beside(
    opening=("Tue–Sat 09:00–18:00",), promotions={"P-02": "10% off HDMI cables"}, timezone=AMSTERDAM
)


# PDF


def pdf_text(pdf):
    """The words of a PDF whose fonts are in WinAnsi encoding, page by page."""
    pages = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        words = re.findall(rb"\(((?:\\.|[^\\()])*)\) ?Tj|\[(.*?)\] ?TJ", content, re.DOTALL)
        pages.append(" ".join(re.sub(rb"\\(.)", rb"\1", said).decode("cp1252") for said, _ in words if said))
    return pages


def test_the_pdf_says_what_the_quote_says():
    (page,) = [text for text in pdf_text(quote_pdf(quote(), "en", BESIDE)) if text]
    for said in (
        "Harbour & Home",
        "Coolsingel 42, 3011 AD Rotterdam",
        "Tue–Sat 09:00–18:00",
        "Quote Q-7F3K2M",
        "Made on Tuesday 10 March 2026",
        "Valid until Tuesday 17 March 2026",
        "Harbour HDMI Cable 2 m",
        "10% off HDMI cables",
        "-€2.59",
        "crème brûlée",
        "€547.16",
        "You save €2.59",
        "21% VAT on €415.13",
        "9% VAT on €41.15",
    ):
        assert said in page, said


def test_the_pdf_in_dutch():
    (page,) = [text for text in pdf_text(quote_pdf(quote(), "nl", BESIDE)) if text]
    for said in (
        "Offerte Q-7F3K2M",
        "dinsdag 17 maart 2026",
        "€ 547,16",
        "Je bespaart € 2,59",
        "21% btw over € 415,13",
    ):
        assert said in page.replace("\xa0", " "), said


def test_the_same_quote_is_the_same_pdf():
    assert quote_pdf(quote(), "en", BESIDE) == quote_pdf(quote(), "en", BESIDE)
    assert quote_pdf(quote(), "en", BESIDE) != quote_pdf(quote(number="Q-7F3K2N"), "en", BESIDE)


def test_a_long_quote_goes_on_on_the_next_page_and_every_page_names_it():
    many = [line(n, f"HH-{n:05}", f"Product {n} " + "long " * 20, 2, "9.95") for n in range(1, 41)]
    pages = [text for text in pdf_text(quote_pdf(quote(*many), "en")) if text]
    assert len(pages) > 2
    assert all("Q-7F3K2M" in page for page in pages)
    assert "Product 40" in pages[-1]


def test_a_name_in_letters_that_the_font_does_not_have_is_still_a_name():
    (page,) = [
        text
        for text in pdf_text(quote_pdf(quote(line(1, "HH-1", "Łódź ☕ lamp ×2", 1, "5.00")), "en"))
        if text
    ]
    assert "Lódz ? lamp ×2" in page


# The receipt printer


@pytest.fixture
def device(tmp_path):
    """A file that takes what is printed; ``paper(device)`` reads it."""
    file = tmp_path / "lp0"
    file.touch()
    return file


def paper(device):
    return read(device.read_bytes())


def test_what_is_printed_is_what_the_quote_says(device):
    print_quote(quote(), open_printer(f"file:{device}"), "en", BESIDE)
    printed = paper(device)
    assert printed.codes == ["Q-7F3K2M"]
    assert printed.cuts == 1
    for said in (
        "Quote Q-7F3K2M",
        "2 × Harbour HDMI Cable 2 m          €25.90",
        "    HH-10001  €12.95 each",
        "    10% off HDMI cables             -€2.59",
        "Total         €547.16",
        "21% VAT on €415.13                  €87.18",
        "Tue-Sat 09:00-18:00",
    ):
        assert said in printed.lines, printed.text
    assert "crème brûlée" in printed.text
    assert all(len(each) <= 42 for each in printed.lines)


def test_what_is_printed_in_dutch(device):
    print_quote(quote(), open_printer(f"file:{device}"), "nl", BESIDE)
    printed = paper(device)
    for said in ("Offerte Q-7F3K2M", "Geldig tot en met dinsdag 17 maart 2026", "€ 547,16"):
        assert said in printed.text.replace("\xa0", " "), said


@pytest.mark.parametrize("profile", ["TM-T20II", "TM-T88II", "POS-5890", "TM-P80"])
def test_every_kind_of_printer_has_the_euro_and_the_width_of_its_paper(device, profile):
    printer = open_printer(f"file:{device}?profile={profile}")
    print_quote(quote(), printer, "nl", BESIDE)
    printed = paper(device)
    columns = {"TM-T20II": 48, "POS-5890": 32}.get(profile, 42)
    assert max(len(each) for each in printed.lines) == columns
    assert "€" in printed.text
    assert "crème brûlée" in printed.text


def test_a_printer_that_draws_no_codes_is_sent_a_picture(device):
    print_quote(quote(), open_printer(f"file:{device}?profile=POS-5890"), "en", BESIDE)
    printed = paper(device)
    assert printed.codes == []
    (picture,) = printed.pictures
    dots = receipt.DOTS
    drawn = [row[dots : -dots or None : dots] for row in picture[dots:-dots:dots]]
    code = modules("Q-7F3K2M")
    assert [[dot == "1" for dot in row[: len(code)]] for row in drawn] == code


def test_a_printer_without_the_euro_says_eur(device):
    print_quote(quote(), open_printer(f"file:{device}?profile=TM-U220"), "en", BESIDE)
    printed = paper(device)
    assert "EUR 547.16" in printed.text
    assert "creme brulee" in printed.text


def test_the_test_page(device):
    receipt.test_page(open_printer(f"file:{device}"), "nl", "Kiosk 1", "S-01")
    printed = paper(device)
    assert "Testpagina" in printed.lines
    assert "Kiosk 1" in printed.lines
    assert "€ 12,95  à ä ç é è ë ê ï í ñ ö ó ü ú ÿ" in printed.lines


# Addresses, and what can be wrong


def test_no_address_is_no_printer():
    assert open_printer("") is None


@pytest.mark.parametrize(
    "address",
    [
        "lp0",
        "file:",
        "network:",
        "network:host:none",
        "usb:04b8",
        "usb:04b8:wxyz",
        "serial:/dev/ttyS0",
        "file:/dev/lp0?profile=X-1",
    ],
)
def test_an_address_that_is_none_says_how_one_is_written(address):
    with pytest.raises(ConfigError, match=r"is no address of a printer|knows no profile"):
        open_printer(address)


def test_a_printer_that_is_not_there_is_not_made(tmp_path):
    missing = tmp_path / "lp0"
    with pytest.raises(PrinterMissing) as raised:
        print_quote(quote(), open_printer(f"file:{missing}"), "en")
    assert not raised.value.begun
    assert not missing.exists()


def test_nobody_at_the_address():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PrinterMissing):
        print_quote(quote(), open_printer(f"network:127.0.0.1:{port}"), "en")


def fill(pipe):
    with suppress(BlockingIOError):
        while True:
            os.write(pipe, b"\0" * 65536)


def test_a_printer_that_takes_nothing_keeps_nobody_waiting(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "SECONDS", 0.1)
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    try:
        fill(writer)
        with pytest.raises(PrinterBusy) as raised:
            print_quote(quote(), open_printer(f"file:{pipe}"), "en")
        assert not raised.value.begun
    finally:
        os.close(writer)
        os.close(reader)


def test_a_terminal_is_no_printer_that_says_how_it_is_and_still_prints():
    master, slave = pty.openpty()
    try:
        print_quote(
            quote(line(1, "HH-1", "Lamp", 1, "5.00")), open_printer(f"file:{os.ttyname(slave)}"), "en"
        )
        assert b"Lamp" in os.read(master, 65536)
    finally:
        os.close(master)
        os.close(slave)


def test_a_printer_on_the_network():
    with network_printer() as (address, printed):
        print_quote(quote(), open_printer(address), "en", BESIDE)
    assert [read(each).codes for each in printed] == [["Q-7F3K2M"]]


def test_a_printer_that_never_says_how_it_is_prints_all_the_same(monkeypatch):
    monkeypatch.setattr(devices, "ASK_SECONDS", 0.1)
    with network_printer(mute=True) as (address, printed):
        print_quote(quote(), open_printer(address), "en", BESIDE)
    assert len(printed) == 1


@pytest.mark.parametrize(
    ("printer", "error"),
    [({"paper": NO_PAPER}, PaperOut), ({"online": OFFLINE}, PrinterBusy)],
    ids=["no paper", "offline"],
)
def test_a_printer_that_can_not_print_is_sent_nothing(printer, error):
    with network_printer(**printer) as (address, printed), pytest.raises(error) as raised:
        print_quote(quote(), open_printer(address), "en", BESIDE)
    assert printed == []
    assert not raised.value.begun


def test_paper_that_ends_on_the_way():
    with network_printer(paper_after=NO_PAPER) as (address, _), pytest.raises(PaperOut) as raised:
        print_quote(quote(), open_printer(address), "en", BESIDE)
    assert raised.value.begun


def test_what_is_wrong_is_said_in_words():
    assert str(PaperOut()) == "The printer has no paper."
    assert "Errno" not in str(PrinterMissing())


def test_nobody_waits_for_the_libraries_at_a_start():
    loaded = "import sys, balie_retail_kiosk.screens; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert "balie_retail_kiosk.printing.pdf" in done.stdout.split()
    assert {"fpdf", "escpos", "qrcode", "PIL"}.isdisjoint(done.stdout.split())
