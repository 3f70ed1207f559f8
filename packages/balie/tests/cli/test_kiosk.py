"""``balie tui --kiosk`` and ``balie keys pin``, before anything is on a screen."""

import re
import tomllib

import msgspec
import pytest
from balie.cli._group import ExitCode
from balie.config import Settings
from balie.tui.kiosk.pin import matches


def test_a_pin_is_asked_twice_and_its_hash_goes_into_the_settings(balie):
    result = balie("keys", "pin", stdin="135790\n135790\n")
    assert result.exit_code == 0
    assert "135790" not in result.stdout
    settings = msgspec.convert(tomllib.loads(result.stdout), Settings)
    assert matches("135790", settings.kiosk.pin_hash)


def test_a_pin_that_is_too_short_is_refused(balie):
    result = balie("keys", "pin", stdin="1234\n1234\n")
    assert result.exit_code == ExitCode.USAGE
    assert "6 to 12 digits" in result.stderr


@pytest.mark.parametrize("who", [("--as", "M-1"), ("--role", "staff")])
def test_a_kiosk_is_for_anybody(balie, library, who):
    result = balie("tui", "library", "--kiosk", *who)
    assert result.exit_code == ExitCode.USAGE
    assert "leave out --as and --role" in re.sub(r"\s+", " ", result.stderr)


def test_without_a_pin_it_says_how_to_make_one(balie, library):
    result = balie("tui", "library", "--kiosk")
    assert "balie keys pin" in result.stderr
    assert "The screens need a terminal" in result.stderr
