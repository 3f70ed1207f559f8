"""What the terminal may do to a kiosk: nothing, but for the end that systemd wants."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable

# ctrl-c, ctrl-\ and ctrl-z, where a terminal turns them into signals in spite of raw mode; to the background.
_IGNORED = "SIGINT", "SIGQUIT", "SIGTSTP", "SIGTTIN", "SIGTTOU"


def hold() -> None:
    """Ignore what a keyboard can send. Textual's driver sets some of them itself, so do this after it too."""
    for name in _IGNORED:
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)


def listen(end: Callable[[], None]) -> None:
    """On SIGTERM end in order; on SIGHUP only where the terminal is gone, or it would spin on its end.

    Call it on the event loop.
    """
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, end)

    def hung_up() -> None:
        if not _terminal_is_there():
            end()

    loop.add_signal_handler(signal.SIGHUP, hung_up)


def _terminal_is_there() -> bool:
    import termios

    try:
        termios.tcgetattr(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (termios.error, ValueError):
        return False
    return True
