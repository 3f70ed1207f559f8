"""Where the receipt printer is, and how data get there.

An address is one of

- ``file:/dev/usb/lp0``: a device of the kernel's, or any file;
- ``network:192.0.2.7:9100``: the port is 9100 unless said;
- ``usb:04b8:0e15``: vendor and product, by way of libusb (needs pyusb);

and may end in ``?profile=TM-T20II``, a name of python-escpos's profiles, which tells how wide the paper is
and what the printer can do. Whoever can be asked is asked before and after whether there is paper.
"""

from __future__ import annotations

import os
import re
import select
import socket
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from balie.errors import ConfigError

from balie_retail_kiosk.printing.errors import PaperOut, PrinterBusy, PrinterMissing
from balie_retail_kiosk.printing.library import escpos

if TYPE_CHECKING:
    from escpos.escpos import Escpos

SECONDS = 5.0
"""How long a printer may take none of the data."""
ASK_SECONDS = 1.0
"""How long a printer may think about how it is; many never say it."""
PORT = 9100

_LPGETSTATUS = 0x060B
"""From Linux's usblp: how the printer is, as the port's status bits (IEEE 1284)."""
_PAPER_OUT, _SELECTED, _NO_ERROR = 0x20, 0x10, 0x08


class Printer(ABC):
    """A receipt printer. ``profile`` is python-escpos's name for its kind; empty for the usual one."""

    def __init__(self, profile: str = "") -> None:
        self.profile = profile

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Give it commands; returns when it has taken them all, and as far as it says has paper left.

        Raises:
            PrinterError: it did not take them.
        """


class FilePrinter(Printer):
    """A file: a device of the kernel's. It must be there, or a missing printer would print into nowhere."""

    def __init__(self, path: str, profile: str = "") -> None:
        super().__init__(profile)
        self.path = path

    def send(self, data: bytes) -> None:
        """Without blocking: a printer without paper takes nothing, for as long as it has none."""
        try:
            device = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK)
        except OSError as error:
            raise PrinterMissing from error
        try:
            self._ask(device, begun=False)
            _write(device, data)
            self._ask(device, begun=True)
        finally:
            os.close(device)

    @staticmethod
    def _ask(device: int, *, begun: bool) -> None:
        if not stat.S_ISCHR(os.fstat(device).st_mode):
            return
        from fcntl import ioctl

        answer = bytearray(4)
        try:
            ioctl(device, _LPGETSTATUS, answer)
        except OSError:
            return  # a serial line, or a printer that does not say
        status = int.from_bytes(answer, "little")
        if status & _PAPER_OUT:
            raise PaperOut(begun=begun)
        if not status & _SELECTED or not status & _NO_ERROR:
            raise PrinterBusy(begun=begun)


def _write(device: int, data: bytes) -> None:
    left = memoryview(data)
    until = monotonic() + SECONDS
    while left:
        try:
            taken = os.write(device, left)
        except BlockingIOError:
            taken = 0
        except OSError as error:
            raise PrinterBusy(begun=len(left) < len(data)) from error
        if taken:
            left = left[taken:]
            until = monotonic() + SECONDS
        elif not select.select([], [device], [], max(0.0, until - monotonic()))[1]:
            raise PrinterBusy(begun=len(left) < len(data))


class DriverPrinter(Printer):
    """One that python-escpos drives, over the network or USB."""

    def __init__(self, driver: Callable[[], Escpos], profile: str = "") -> None:
        super().__init__(profile)
        self._driver = driver

    def send(self, data: bytes) -> None:
        """Ask, send, and ask again."""
        printer = self._driver()
        try:
            try:
                printer.open()
            except (
                escpos().exceptions.Error,
                OSError,
                ValueError,
            ) as error:  # ValueError: there is no libusb
                raise PrinterMissing from error
            answers = self._ask(printer, begun=False)
            try:
                printer._raw(data)
            except OSError as error:  # a timeout too; pyusb's errors are of this kind
                raise PrinterBusy(begun=True) from error
            if answers:
                self._ask(printer, begun=True)
        finally:
            with suppress(OSError):
                printer.close()

    @staticmethod
    def _ask(printer: Escpos, *, begun: bool) -> bool:
        """Whether it says how it is.

        Raises:
            PaperOut, PrinterBusy: it says that it can't print.
        """
        try:
            paper, online = printer.paper_status(), printer.is_online()
        except OSError:
            return False
        if paper == 0:
            raise PaperOut(begun=begun)
        if not online:
            raise PrinterBusy(begun=begun)
        return True


def open_printer(address: str) -> Printer | None:
    """The printer at an address; None for an empty one. It is reached for only when it has to print.

    Raises:
        ConfigError: that is no address of a printer; says how one is written.
    """
    if not address:
        return None
    where, _, options = address.partition("?")
    kind, _, rest = where.partition(":")
    profile = parse_qs(options).get("profile", [""])[0]
    if profile:
        _check_profile(profile)
    if kind == "file" and rest:
        return FilePrinter(rest, profile)
    if kind == "network" and (found := _host_and_port(rest)):
        return DriverPrinter(partial(_network, *found), profile)
    if kind == "usb" and (ids := re.fullmatch("([0-9a-f]{4}):([0-9a-f]{4})", rest.lower())):
        _check_usb()
        return DriverPrinter(partial(_usb, int(ids[1], 16), int(ids[2], 16)), profile)
    raise ConfigError(
        f"{address!r} is no address of a printer: it is file:/dev/usb/lp0, network:HOST:9100 or "
        "usb:VENDOR:PRODUCT (in hexadecimal), and may end in ?profile=NAME."
    )


def _check_profile(name: str) -> None:
    known = escpos().capabilities.CAPABILITIES["profiles"]
    if name not in known:
        raise ConfigError(f"python-escpos knows no profile {name!r}; it knows {', '.join(sorted(known))}.")


def _check_usb() -> None:
    if find_spec("usb") is None:
        raise ConfigError("A printer at usb: needs pyusb; the same printer is also file:/dev/usb/lp0.")


def _host_and_port(text: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(f"//{text}")
        return (parts.hostname, parts.port or PORT) if parts.hostname else None
    except ValueError:
        return None


def _network(host: str, port: int) -> Escpos:
    class Network(escpos().printer.Network):  # type: ignore[misc]  # a class of a module that is found late
        """Waits less long for an answer than for the paper, and knows IPv6."""

        def open(self, raise_not_found: bool = True) -> None:
            self.device = socket.create_connection((self.host, self.port), SECONDS)

        def _read(self) -> bytes:
            self.device.settimeout(ASK_SECONDS)
            try:
                return bytes(self.device.recv(16))
            finally:
                self.device.settimeout(SECONDS)

    return Network(host, port)


def _usb(vendor: int, product: int) -> Escpos:
    return escpos().printer.Usb(vendor, product, timeout=int(SECONDS * 1000))
