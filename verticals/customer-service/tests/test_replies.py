"""No reply states a number, a date, a name or an identifier that its result did not give."""

import inspect
import typing
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from balie.agent.facts import unsupported
from balie.agent.replies import Replies, template_key
from balie.errors import RuleBroken
from balie_customer_service import results
from balie_customer_service.services import errors
from balie_customer_service.tools import TEAM
from balie_testing.replies import invented_digits, stated, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

LANGUAGES = sorted(TEAM.replies)
REPLIES = {language: Replies(TEAM.replies, language, ZoneInfo("Europe/Amsterdam")) for language in LANGUAGES}
# Names that the desk itself has.
OWN_NAMES = ["Harbour & Home", "HB", "PayPal", "Customer", "Technical"]


def _structs() -> dict[str, type[msgspec.Struct]]:
    return {
        template_key(kind): kind
        for kind in vars(results).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct
    }


def _errors() -> dict[str, type[RuleBroken]]:
    return {
        "error_" + kind.slug.replace("-", "_"): kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, RuleBroken)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_templates_hold_no_digit(language: str) -> None:
    replies = REPLIES[language]
    found = {key: digits for key in replies.sources if (digits := invented_digits(replies, key))}
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_question_and_rule_has_its_words(language: str) -> None:
    replies = REPLIES[language]
    needed = {template_key(tool.result) for tool in TEAM.tools.values()}
    needed |= {f"do_{name}" for name in TEAM.tools}
    needed |= {p.resolve.ask for tool in TEAM.tools.values() for p in tool.parameters if p.resolve}
    needed |= {f"confirm_{tool.name}" for tool in TEAM.tools.values() if tool.effect != "read"}
    assert needed - replies.sources.keys() == set()


def _without_own_names(strange: list[str]) -> list[str]:
    return [word for word in strange if not any(word.strip(".“”") in name.split() for name in OWN_NAMES)]


def _states_only(replies: Replies, reply: str, given_facts: Any) -> None:
    sources = [*stated(replies, given_facts), *OWN_NAMES]
    assert _without_own_names(unsupported(reply, sources)) == [], reply


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "key", sorted(k for k in _structs() if any(k in r.sources for r in REPLIES.values()))
)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_a_result_is_told_with_its_own_facts(language: str, key: str, data: st.DataObject) -> None:
    replies = REPLIES[language]
    outcome = data.draw(_drawn(_structs()[key]))
    _states_only(replies, replies.result(outcome), outcome)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(k for k in _errors() if any(k in r.sources for r in REPLIES.values())))
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_a_rule_is_told_with_its_own_facts(language: str, key: str, data: st.DataObject) -> None:
    replies = REPLIES[language]
    kind = _errors()[key]
    parameters = [
        name
        for name, p in inspect.signature(kind).parameters.items()
        if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    hints = typing.get_type_hints(kind.__init__)
    error = kind(**{name: data.draw(_named(name, hints[name])) for name in parameters})
    _states_only(replies, replies.render(key, error.facts), error.facts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(t.name for t in TEAM.tools.values() if t.effect != "read"))
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_what_is_asked_before_a_change_states_only_what_would_be_done(
    language: str, name: str, data: st.DataObject
) -> None:
    replies = REPLIES[language]
    tool = TEAM.tools[name]
    facts: dict[str, Any] = {p.name: data.draw(_named(p.name, p.type)) for p in tool.parameters}
    for preview in tool.previews:
        facts |= msgspec.structs.asdict(data.draw(_drawn(typing.get_type_hints(preview)["return"])))
    _states_only(replies, replies.render(f"confirm_{name}", facts), facts)


# The values that a template chooses its words by; any other text would be a fact that never occurs.
_CLOSED = {
    "method": ["ideal", "card", "paypal", "bank_transfer"],
    "country": ["NL", "DE"],
}


def _named(name: str, kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(_CLOSED[name]) if name in _CLOSED else values_of(kind)


# What is always there when the status that speaks of it is.
_GIVEN = {
    "OrderDetails": {"delivered_on", "cancelled_on", "shipped_on", "carrier", "tracking"},
    "ShipmentTracked": {"carrier"},
    "RefundLine": {"booked_on"},
    "OrderCancelled": {"refund"},
    "KnowledgeAnswer": {"title", "quote", "link"},
    "TicketDetails": {"last_answer", "last_answer_on"},
}


def _drawn(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    given_always = _GIVEN.get(kind.__name__, set())
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: _field(name, hint, name in given_always) for name, hint in hints.items()})


def _field(name: str, hint: Any, given_always: bool) -> st.SearchStrategy[Any]:
    if name in _CLOSED:
        return st.sampled_from(_CLOSED[name])
    inner = [a for a in typing.get_args(hint) if a is not type(None)]
    if inner and issubclass(inner[0], msgspec.Struct):
        return st.lists(_drawn(inner[0]), min_size=1, max_size=2)
    return values_of(inner[0] if given_always else hint)
