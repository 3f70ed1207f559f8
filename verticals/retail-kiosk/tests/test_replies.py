"""In either language no reply states a number, a date, a name or a price that its result did not give."""

import inspect
import re
import typing
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from balie.agent.facts import unsupported
from balie.agent.replies import Replies, template_key
from balie.agent.wording import REPLIES as RUNTIME
from balie.errors import RuleBroken
from balie_retail_kiosk import results
from balie_retail_kiosk.models import CallStatus, PriceMatchStatus, ReservationStatus
from balie_retail_kiosk.services import errors
from balie_retail_kiosk.tools import TEAM
from balie_testing.replies import invented_digits, stated, values_of
from hypothesis import given, settings
from hypothesis import strategies as st

LANGUAGES = sorted(TEAM.replies)
REPLIES = {language: Replies(TEAM.replies, language, ZoneInfo("Europe/Amsterdam")) for language in LANGUAGES}
# Names that the desk itself has, and what everybody calls the tax.
OWN_NAMES = ["Harbour & Home", "VAT"]


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
        if isinstance(kind, type)
        and issubclass(kind, RuleBroken)
        and kind not in (RuleBroken, errors.NoSuchThing)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_templates_hold_no_digit(language: str) -> None:
    replies = REPLIES[language]
    found = {key: digits for key in replies.sources if (digits := invented_digits(replies, key))}
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_result_question_and_rule_has_its_words(language: str) -> None:
    words = TEAM.replies[language]
    needed = {template_key(tool.result) for tool in TEAM.tools.values()}
    needed |= {f"do_{name}" for name in TEAM.tools}
    needed |= {p.resolve.ask for tool in TEAM.tools.values() for p in tool.parameters if p.resolve}
    needed |= {f"confirm_{tool.name}" for tool in TEAM.tools.values() if tool.effect != "read"}
    needed |= _errors().keys()
    assert needed - words.keys() == set()


def test_what_is_said_in_english_is_said_in_dutch() -> None:
    assert TEAM.replies["en"].keys() - TEAM.replies["nl"].keys() == set()
    assert TEAM.replies["nl"].keys() - TEAM.replies["en"].keys() - RUNTIME["nl"].keys() == set()


def _facts_of(template: str) -> set[str]:
    return set(re.findall(r"[{(\s]([a-z]+(?:[._][a-z_]+)+|[a-z_]+)(?=\s*(?:\||\}\}|%\}))", template))


@pytest.mark.parametrize("key", sorted(TEAM.replies["en"]))
def test_both_languages_tell_the_same_facts(key: str) -> None:
    english, dutch = TEAM.replies["en"][key], TEAM.replies["nl"][key]
    # The data describe a product in English only.
    assert _facts_of(english) - _facts_of(dutch) <= {"description"}
    assert _facts_of(dutch) - _facts_of(english) == set()


def _states_only(replies: Replies, reply: str, given_facts: Any) -> None:
    facts = stated(replies, given_facts)
    # A rate of tax is a number with a percent sign.
    sources = [*facts, *(f"{fact}%" for fact in facts if fact.isdigit()), *OWN_NAMES]
    strange = [
        word
        for word in unsupported(reply, sources)
        if not any(word.strip(".“”") in name.split() for name in OWN_NAMES)
    ]
    assert strange == [], reply


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(k for k in _structs() if k in TEAM.replies["en"]))
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_a_result_is_told_with_its_own_facts(language: str, key: str, data: st.DataObject) -> None:
    replies = REPLIES[language]
    outcome = data.draw(_drawn(_structs()[key]))
    _states_only(replies, replies.result(outcome), outcome)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", sorted(_errors()))
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
    drawn = {name: data.draw(_named(name, hints[name])) for name in parameters}
    positional = [
        drawn[n] for n, p in inspect.signature(kind).parameters.items() if p.kind is not p.KEYWORD_ONLY
    ]
    rest = {n: drawn[n] for n, p in inspect.signature(kind).parameters.items() if p.kind is p.KEYWORD_ONLY}
    error = kind(*positional, **rest)
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


# The values of a rule's fact that a template chooses its words by; no other ever occurs.
_STATES = [str(state) for kind in (ReservationStatus, CallStatus, PriceMatchStatus) for state in kind]


def _named(name: str, kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(_STATES) if name == "status" and kind is str else values_of(kind)


# What is always there when what speaks of it is.
_GIVEN = {"ProductStock": {"counted_at", "shelf"}, "PlaceFound": {"shelf"}}


def _drawn(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind)
    if kind is results.ProductComparison:
        return st.integers(2, 3).flatmap(_comparison)
    if kind is results.DayHours:
        given = {name: values_of(hint) for name, hint in hints.items() if name not in ("opens", "closes")}
        hours = values_of(typing.get_args(hints["opens"])[0])
        is_open = st.builds(kind, **given, opens=hours, closes=hours)
        return st.one_of(is_open, st.builds(kind, **given, opens=st.none(), closes=st.none()))
    always = _GIVEN.get(kind.__name__, set())
    return st.builds(kind, **{name: _field(hint, name in always) for name, hint in hints.items()})


def _field(hint: Any, given_always: bool) -> st.SearchStrategy[Any]:
    inner = [a for a in typing.get_args(hint) if a is not type(None)]
    if inner and isinstance(inner[0], type) and issubclass(inner[0], msgspec.Struct):
        return st.lists(_drawn(inner[0]), min_size=1, max_size=2)
    return values_of(inner[0] if given_always else hint)


def _comparison(count: int) -> st.SearchStrategy[results.ProductComparison]:
    def as_many(hint: Any) -> st.SearchStrategy[Any]:
        return st.lists(values_of(hint), min_size=count, max_size=count)

    hints = typing.get_type_hints(results.ProductComparison)
    feature = st.builds(results.ComparedFeature, title=values_of(str), values=as_many(str | None))
    return st.builds(
        results.ProductComparison,
        products=as_many(str),
        names=as_many(str),
        prices=as_many(typing.get_args(hints["prices"])[0]),
        stocks=as_many(int),
        features=st.lists(feature, max_size=2),
        alike=st.lists(_drawn(results.Feature), max_size=2),
    )
