"""Words of screens in another language, and how that language writes numbers, days and money.

The English sentence is the key::

    words = Words("nl", RUNTIME)
    words("{count} products", count=3)   # "3 producten"

A catalog is a folder with one TOML file a language, ``nl.toml``, that holds a line for each sentence::

    "{count} products" = "{count} producten"

What no catalog has is said in English, so a language may grow line by line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import balie_shared

from balie.errors import ConfigError

if TYPE_CHECKING:
    from decimal import Decimal
    from zoneinfo import ZoneInfo

ENGLISH = "en"
RUNTIME = Path(balie_shared.__file__).parent / "locales"
"""The catalogs of the runtime's own screens."""


def marked(sentence: str) -> str:
    """The sentence itself. It is said elsewhere, by a name: this is how it is found for the catalogs."""
    return sentence


@cache
def entries(folder: Path, language: str) -> Mapping[str, str]:
    """English sentence → sentence of that language; empty where the folder does not have it.

    Raises:
        ConfigError: the catalog can't be read, or holds something else than sentences.
    """
    file = folder / f"{language}.toml"
    if language == ENGLISH or not language.isalpha() or not file.is_file():
        return {}
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error
    if wrong := [sentence for sentence, said in found.items() if not isinstance(said, str)]:
        raise ConfigError(f"{file}: {wrong[0]!r} has no sentence of its own.")
    return found


class Words:
    """Sentences and values in one language.

    Args:
        language: ``en``, ``nl``; one without a catalog is English.
        catalogs: folders; the first that has a sentence says it.
    """

    def __init__(self, language: str, *catalogs: Path) -> None:
        self.language = language
        self._said: dict[str, str] = {}
        for folder in reversed(catalogs):
            self._said.update(entries(folder, language))
        # Values are written as the sentences around them.
        self.locale = language if self._said else ENGLISH

    def __call__(self, sentence: str, **facts: object) -> str:
        """The sentence in this language, with its facts filled in.

        Raises:
            KeyError: it names a fact that is not given.
        """
        said = self._said.get(sentence, sentence)
        return said.format_map(facts) if facts else said

    def number(self, value: int | float | Decimal) -> str:
        """1,250.5 in English, 1.250,5 in Dutch."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.locale)

    def money(self, amount: Decimal, currency: str = "EUR") -> str:
        """€89.90 in English, € 89,90 in Dutch."""
        from babel.numbers import format_currency

        return format_currency(amount, currency, locale=self.locale)

    def day(self, value: date, timezone: ZoneInfo | None = None) -> str:
        """A day, short: Tue 10 Mar. An instant is told in ``timezone``."""
        return self._written(value, "EEE d MMM", timezone)

    def moment(self, value: datetime, timezone: ZoneInfo | None = None) -> str:
        """A day and a time, short: Tue 10 Mar 09:00."""
        return self._written(value, "EEE d MMM HH:mm", timezone)

    def time(self, value: datetime | time, timezone: ZoneInfo | None = None) -> str:
        """A time: 09:00."""
        if isinstance(value, datetime):
            return self._written(value, "HH:mm", timezone)
        return f"{value:%H:%M}"

    def value(self, value: object, timezone: ZoneInfo | None = None) -> str:
        """Anything, by its kind: an instant as day and time, a day as a day, a number as a number."""
        from decimal import Decimal

        match value:
            case datetime():
                return self.moment(value, timezone)
            case date():
                return self.day(value)
            case bool() | None:
                return "" if value is None else str(value)
            case int() | float() | Decimal():
                return self.number(value)
            case _:
                return str(value)

    def _written(self, value: date, pattern: str, timezone: ZoneInfo | None) -> str:
        from babel.dates import format_date, format_datetime

        if not isinstance(value, datetime):
            return format_date(value, pattern, locale=self.locale)
        at: Any = value.astimezone(timezone) if timezone else value
        return format_datetime(at, pattern, locale=self.locale)
