"""How reasons and times are found in what people say."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from balie.agent.policy import Caller
from balie.agent.resolution import ResolveContext
from balie.agent.turn import Option
from balie_customer_service import resolvers
from balie_customer_service.services import callbacks

pytestmark = pytest.mark.anyio
ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 10, 9, 5, tzinfo=ZONE)
WEDNESDAY_AT_TEN = "2026-03-11T10:00:00+01:00"
OFFERED = ["2026-03-12T09:00:00+01:00", "2026-03-12T09:30:00+01:00"]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def said(monkeypatch):
    """What is said of a call or a return; after Wednesday at ten the three slots behind it are free."""

    async def alternatives(_session, start, *, now):
        return [start.replace(minute=30), start.replace(hour=11), start.replace(hour=9, day=start.day + 1)]

    monkeypatch.setattr(callbacks, "alternatives", alternatives)

    def context(text, *, asked=False, offered=(), excluded=(), **focus):
        return ResolveContext(
            text=text,
            offset=0,
            tool="",
            session=None,
            caller=Caller(),
            now=NOW,
            timezone=ZONE,
            language="en",
            focus=focus,
            arguments={},
            asked=asked,
            offered=[Option(value, value) for value in offered],
            excluded=frozenset(excluded),
        )

    return context


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("return the kettle because it leaks", "it leaks"),
        ("10198 goes back cause my wife has one", "my wife has one"),
        ("take it back cos its far too big for us", "its far too big for us"),
        (
            "The fan is terribly noisy, even at night. I want to send it back.",
            "terribly noisy, even at night",
        ),
        ("It keeps switching off. Please take it back.", "keeps switching off"),
        ("the lid doesnt close, send me a label", "doesnt close, send me a label"),
        ("I hardly ever use it! can it go back?", "hardly ever use it"),
        ("10198 drips on the worktop, let me return it", "drips on the worktop, let me return it"),
        ("Because I want to return the fan, it doesn't fit.", "doesn't fit"),
    ],
)
async def test_a_reason_is_found(said, text, why):
    (found,) = await resolvers.reason(said(text))
    assert found.value == why


@pytest.mark.parametrize(
    "text",
    [
        "I want to return 10198",
        "please take back the big lamp from order 10198 too",
        "return the drip coffee maker",
        "return the kettle that I have had since last week",
        "I want to return the fan because I want to return it",
        "can you tell me what is the cause",
    ],
)
async def test_what_only_says_what_is_wanted_is_no_reason(said, text):
    assert await resolvers.reason(said(text)) == []


@pytest.mark.parametrize(
    ("text", "known", "start"),
    [
        ("at 10:30", {}, "2026-03-10T10:30:00+01:00"),
        ("at 10:30", {"when": WEDNESDAY_AT_TEN}, "2026-03-10T10:30:00+01:00"),
        ("then 10:30", {"when": WEDNESDAY_AT_TEN, "asked": True}, "2026-03-11T10:30:00+01:00"),
        ("then 16:00", {"when": WEDNESDAY_AT_TEN, "asked": True}, "2026-03-11T16:00:00+01:00"),
        ("then 9:00", {"when": WEDNESDAY_AT_TEN, "asked": True}, "2026-03-12T09:00:00+01:00"),
        ("then friday 9:00", {"when": WEDNESDAY_AT_TEN, "asked": True}, "2026-03-13T09:00:00+01:00"),
        ("no, 9:00", {"when": WEDNESDAY_AT_TEN, "excluded": [WEDNESDAY_AT_TEN]}, "2026-03-11T09:00:00+01:00"),
        ("half past nine", {"asked": True, "offered": OFFERED}, "2026-03-12T09:30:00+01:00"),
        ("14:00", {"asked": True, "offered": OFFERED, "when": WEDNESDAY_AT_TEN}, "2026-03-12T14:00:00+01:00"),
    ],
)
async def test_a_time_is_on_the_day_that_is_spoken_of(said, text, known, start):
    (found,) = await resolvers.when(said(text, **known))
    assert found.value == datetime.fromisoformat(start)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Kerkstraat 5, 3511 AB Utrecht", "NL"),
        ("Kerkstraat 5, 3511 AB Utrecht, the Netherlands", "NL"),
        ("Hauptstraße 12, 50667 Köln, Germany", "DE"),
        ("Hauptstraße 12, 50667 Köln", ""),
        ("Rue Haute 8, 1000 Bruxelles, BE", "BE"),
    ],
)
def test_an_address_says_its_country_or_shows_it_by_its_postcode(text, country):
    assert resolvers.parse_address(text).country == country
