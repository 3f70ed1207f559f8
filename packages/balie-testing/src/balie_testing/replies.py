"""Do the templates of a vertical say only what they are given?"""

import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
from balie.agent.replies import Replies
from hypothesis import strategies as st
from jinja2 import nodes

_DIGIT = re.compile(r"\d")
_NAMES = ["Marta Quellin", "Ove Brandsma", "Ilse Toonder", "Rik Aldewereld"]


def fixed_words(replies: Replies, key: str) -> Iterator[str]:
    """Every piece of text that a template says whatever it is given."""
    tree = replies.environment.parse(replies.sources[key])
    yield from (data.data for data in tree.find_all(nodes.TemplateData))
    yield from (const.value for const in tree.find_all(nodes.Const) if isinstance(const.value, str))


def invented_digits(replies: Replies, key: str) -> list[str]:
    """Pieces of a template's own words that hold a digit: a number that no tool gave."""
    return [words for words in fixed_words(replies, key) if _DIGIT.search(words)]


def stated(replies: Replies, value: Any) -> list[str]:
    """All the ways in which a template may write a value, and everything inside it."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, msgspec.Struct):
        return [text for inner in msgspec.structs.asdict(value).values() for text in stated(replies, inner)]
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in stated(replies, inner)]
    if isinstance(value, datetime):
        return [replies.moment(value), replies.day(value), replies.date(value), replies.time(value)]
    if isinstance(value, date):
        return [replies.day(value), replies.date(value)]
    if isinstance(value, time):
        return [replies.time(value)]
    if isinstance(value, Decimal):
        return [replies.money(value)]
    if isinstance(value, Enum):
        return [str(value.value).replace("_", " ")]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [text for inner in value for text in stated(replies, inner)]
    return [str(value), str(value).replace("_", " ")]


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Hypothesis values of a type that a result's field or an error's fact may have.

    Raises:
        TypeError: results and facts have no business with such a type.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return values_of(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.none() if a is type(None) else values_of(a) for a in arguments])
    if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
        return st.lists(values_of(arguments[0]), max_size=3)
    if kind is str:
        return st.one_of(st.sampled_from(_NAMES), st.from_regex(r"[A-Z]{1,2}-[0-9]{4,6}", fullmatch=True))
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(min_value=1, max_value=999)
    if kind is Decimal:
        return st.decimals(min_value="0.01", max_value="9999", places=2)
    if kind is datetime:
        return st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
    if kind is date:
        return st.dates(date(2024, 1, 1), date(2030, 1, 1))
    if kind is time:
        return st.times()
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{field: values_of(hint) for field, hint in hints.items()})
    raise TypeError(f"a reply can't be given a {kind!r}")
