"""What the desk says: Jinja2 templates in, sentences out.

A template's key is the snake_case name of the tool's result (``OrderStatus`` → ``order_status``), of
the broken rule (``error_`` and its slug), or of something the desk itself says
(:mod:`balie.agent.wording`). It sees the fields of that struct, or the facts of that error, and
nothing else, so what it states comes from there. The words around them contain no digit.

Filters: ``money`` (needs a currency, EUR unless said), ``day`` (Thursday 12 March), ``date`` (12 March 2026),
``time`` (14:30), ``moment`` (day and time), ``listed`` (a, b and c), ``plural`` (2 items).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from balie.agent import wording

if TYPE_CHECKING:
    from jinja2 import Environment

_PATTERNS = {
    "en": {"day": "EEEE d MMMM", "date": "d MMMM y", "time": "HH:mm"},
    "nl": {"day": "EEEE d MMMM", "date": "d MMMM y", "time": "HH:mm"},
}


def template_key(kind: type) -> str:
    """``OrderStatus`` → ``order_status``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind.__name__).lower()


class Replies:
    """The templates of one desk in one language, over the runtime's own.

    Args:
        vertical: language → key → Jinja2 source.
        language: falls back to English, key by key.
        timezone: in which times are shown.
    """

    def __init__(self, vertical: Mapping[str, Mapping[str, str]], language: str, timezone: ZoneInfo) -> None:
        self.language = language if language in vertical or language in wording.REPLIES else "en"
        self.timezone = timezone
        self.sources: dict[str, str] = {
            **wording.REPLIES["en"],
            **wording.REPLIES.get(self.language, {}),
            **vertical.get("en", {}),
            **vertical.get(self.language, {}),
        }

    @cached_property
    def environment(self) -> "Environment":
        """Jinja2, strict: a template that names a field which is not there is an error, not a gap."""
        from jinja2 import DictLoader, Environment, StrictUndefined

        environment = Environment(
            loader=DictLoader(self.sources),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - replies are plain text; who shows them as HTML escapes them
        )
        environment.filters.update(
            money=self.money,
            day=self.day,
            date=self.date,
            time=self.time,
            moment=self.moment,
            listed=self.listed,
            plural=plural,
        )
        return environment

    def has(self, key: str) -> bool:
        """Whether there is a template of that key."""
        return key in self.sources

    def render(self, key: str, facts: Mapping[str, Any]) -> str:
        """The sentence of that key with these facts.

        Raises:
            KeyError: no such template. jinja2.UndefinedError: it names a fact that is not given.
        """
        if key not in self.sources:
            raise KeyError(f"there is no reply template {key!r}")
        text = self.environment.get_template(key).render(facts)
        return re.sub(r"[ \t]+", " ", text).strip()

    def result(self, outcome: msgspec.Struct) -> str:
        """The sentence for a tool's result."""
        return self.render(template_key(type(outcome)), msgspec.structs.asdict(outcome))

    def _local(self, value: date | datetime) -> date | datetime:
        # A time in some zone of its own is meant in that zone; in UTC it is an instant, shown in the desk's.
        if isinstance(value, datetime) and value.tzinfo in (None, UTC):
            return value.astimezone(self.timezone)
        return value

    def _format(self, value: date | datetime | time, pattern: str) -> str:
        from babel.dates import format_date, format_time

        if pattern == "time":
            assert isinstance(value, datetime | time)
            at = self._local(value) if isinstance(value, datetime) else value
            assert isinstance(at, datetime | time)
            return format_time(at, _PATTERNS[self.language]["time"], locale=self.language)
        assert isinstance(value, date)
        return format_date(self._local(value), _PATTERNS[self.language][pattern], locale=self.language)

    def day(self, value: date | datetime) -> str:
        """Thursday 12 March."""
        return self._format(value, "day")

    def date(self, value: date | datetime) -> str:
        """12 March 2026."""
        return self._format(value, "date")

    def time(self, value: datetime | time) -> str:
        """14:30, in the desk's time zone."""
        return self._format(value, "time")

    def moment(self, value: datetime) -> str:
        """Thursday 12 March, 14:30."""
        return f"{self.day(value)}, {self.time(value)}"

    def money(self, value: Decimal, currency: str = "EUR") -> str:
        """€89.90, as the language writes it."""
        from babel.numbers import format_currency

        return format_currency(value, currency, locale=self.language)

    def listed(self, values: Sequence[Any], last: str = "and") -> str:
        """a, b and c; ``last`` is the key of the joining word (``and`` or ``or``)."""
        words = [str(v) for v in values]
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.sources['word_' + last]} {words[-1]}"


def plural(count: int, one: str, many: str) -> str:
    """``2 | plural("item", "items")`` → 2 items."""
    return f"{count} {one if count == 1 else many}"
