"""The knowledge base: how articles are read, found by meaning and by words, and kept from whom."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from balie.errors import ConfigError
from balie_customer_service.models import (
    Article,
    Audience,
    Device,
    Passage,
    Product,
    Service,
    ServiceStatus,
)
from balie_customer_service.services import diagnostics, knowledge
from balie_customer_service.services.errors import NoSuchArticle
from balie_customer_service.services.words import WordIndex, words

ARTICLE = """+++
title = "Return something"
category = "returns"
audience = "customer"
questions = ["Can I send it back?", "How long do I have?"]
answer = "Within thirty days."
related = ["refunds"]
+++
In short: yes.

## How long
Thirty days after it came.

## What not
Filters, and the like.
### Why
They are used up.
"""

TEXTS = {
    "returns#title": "Return something",
    "returns#question-0": "How do I send a parcel back?",
    "returns#section-0": "You have thirty days to send products back.",
    "returns#section-1": "Filters and earbuds stay with you.",
    "hubs#title": "Reset your hub",
    "hubs#question-0": "My hub blinks red, how can I restart it?",
    "hubs#section-0": "Hold the button for ten seconds, until it blinks.",
}


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "return-something.md"
    path.write_text(ARTICLE, encoding="utf-8")
    return knowledge.read_article(path)


def test_an_article_is_read(article):
    assert (article.slug, article.front.title) == ("return-something", "Return something")
    assert article.front.audience is knowledge.Audience.CUSTOMER
    assert [(section.heading, section.text) for section in article.sections] == [
        ("", "In short: yes."),
        ("How long", "Thirty days after it came."),
        ("What not", "Filters, and the like.\n### Why\nThey are used up."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "+++\ntitle = 'x'\n+++\nbody",
        ARTICLE.replace('audience = "customer"', 'audience = "everybody"'),
        ARTICLE.replace('title = "', 'titel = "'),
        ARTICLE.replace('title = "', "title = "),
    ],
)
def test_an_article_that_is_not_written_as_it_should_be_is_named(tmp_path, text):
    path = tmp_path / "broken.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"broken\.md"):
        knowledge.read_article(path)


def test_an_article_is_as_near_as_its_nearest_texts():
    ids = ["a#title", "a#question-0", "a#section-0", "a#section-1", "b#title", "b#answer"]
    matrix = np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 1, 2]]
    index = knowledge.KnowledgeIndex(ids, matrix, "digest")
    question = np.array([0.1, 0.6, 0.2, 0.76], dtype=np.float32)
    articles, sections = index.scores(question)
    four, two = (0.76 + 0.6 + 0.2 + 0.1) / 4, (0.6 + 0.2) / 2
    assert articles == pytest.approx({"a": (0.76 + four) / 2, "b": (0.6 + two) / 2})
    assert sections == {"a": 1}
    assert not index.is_current


@pytest.mark.parametrize(
    ("question", "slug", "section"),
    [
        ("can I return filters and earbuds", "returns", 1),
        ("sendign a parcl back", "returns", 0),
        ("hub blinking", "hubs", 0),
    ],
)
def test_without_an_encoder_words_find_it(question, slug, section):
    articles, sections = WordIndex(TEXTS).scores(question)
    assert max(articles, key=articles.get) == slug
    assert articles[slug] > knowledge.WORDS_THRESHOLD
    assert sections[slug] == section


@pytest.mark.parametrize(
    "question", ["", "who are you", "bake a chocolate cake", "?!", "weather tomorrow", "the president"]
)
def test_words_find_nothing_for_something_else(question):
    articles, _sections = WordIndex(TEXTS).scores(question)
    assert all(score < knowledge.WORDS_THRESHOLD for score in articles.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("send a parcell and filtres to T-20001", "send a parcel and filters to T-20001"),
        ("Hub blinkz, sick thirtyy", "Hub blinks, sick thirty"),
        ("Xylophone qqqqq 10234 ok", "Xylophone qqqqq 10234 ok"),
        ("", ""),
    ],
)
def test_typing_errors_are_corrected_where_a_word_is_near(typed, meant):
    assert WordIndex(TEXTS).respelled(typed) == meant


def test_words_are_compared_without_their_endings():
    assert words("Returning the RETURNED parcels, and returns!") == ["return", "return", "parcel", "return"]
    assert words("glass boss") == ["glass", "boss"]


IDS = ["returns#title", "returns#section-0", "returns#section-1", "margins#title", "hubs#title"]
INDEX = knowledge.KnowledgeIndex(IDS, np.eye(5, dtype=np.float32), "digest")


@pytest.fixture
async def desk(shop):
    """A shop with three articles, one of them for colleagues."""
    async with shop.write() as session:
        for slug in ("returns", "margins", "hubs"):
            session.add(
                Article(
                    slug=slug,
                    title=slug.title(),
                    category="a" if slug == "hubs" else "b",
                    audience=Audience.STAFF if slug == "margins" else Audience.CUSTOMER,
                    answer="Yes.",
                    body="Yes.",
                    questions=["?"],
                    related=[],
                    passages=[Passage(position=n, heading=f"{slug} {n}", text="…") for n in range(2)],
                )
            )
    async with shop.read() as session:
        yield session


def question(*weights):
    vector = np.array(weights, dtype=np.float32)
    return {"index": INDEX, "vector": vector / np.linalg.norm(vector)}


@pytest.mark.anyio
async def test_an_answer_is_quoted_from_its_best_section(desk):
    found = await knowledge.search(desk, "…", staff=False, **question(3, 1, 2, 0, 0))
    assert (found.article.slug, found.passage.heading, found.by) == ("returns", "returns 1", "meaning")
    assert found.score == pytest.approx(0.8 * (3 + 2) / 2 / 14**0.5)
    found = await knowledge.search(desk, "…", staff=False, **question(0, 0, 0, 0, 1))
    assert (found.article.slug, found.passage) == ("hubs", None)
    assert await knowledge.search(desk, "…", staff=False, **question(1, 1, 1, 1, 1)) is None


@pytest.mark.anyio
async def test_what_is_for_colleagues_is_found_by_colleagues(desk):
    asked = question(1.2, 0.9, 0.9, 1.2, 0)
    staff = await knowledge.search_all(desk, "…", staff=True, **asked)
    assert [found.article.slug for found in staff] == ["margins", "returns"]
    assert (await knowledge.search(desk, "…", staff=False, **asked)).article.slug == "returns"
    assert (await knowledge.get_article(desk, "margins", staff=True)).passages[1].heading == "margins 1"
    for slug in ("margins", "nothing"):
        with pytest.raises(NoSuchArticle):
            await knowledge.get_article(desk, slug, staff=False)
    titles = [article.title for article in await knowledge.list_articles(desk, staff=False)]
    assert titles == ["Hubs", "Returns"]
    only = await knowledge.list_articles(desk, staff=True, category="b")
    assert [article.slug for article in only] == ["margins", "returns"]


def test_every_article_is_as_long_and_as_well_asked_as_promised():
    found = knowledge.articles()
    assert len(found) >= 60
    slugs = {article.slug for article in found}
    for article in found:
        assert len(article.body) > 600, article.slug
        assert len(article.front.questions) >= 3, article.slug
        assert any(section.heading for section in article.sections), article.slug
        assert set(article.front.related) <= slugs, article.slug
        assert article.front.answer in article.body, article.slug
    assert {article.front.audience for article in found} == set(Audience)


def test_every_diagnosis_leads_to_an_article():
    slugs = {a.slug for a in knowledge.articles() if a.front.audience is Audience.CUSTOMER}
    found = everything_wrong()
    assert len(found) == 10
    assert {finding.article for finding in found} <= slugs


def everything_wrong():
    product = Product(name="Hub", category="Hubs", latest_firmware="2.0.0")
    device = Device(
        product=product,
        connected=False,
        firmware="1.0.0",
        errors=99,
        restarts=9,
        battery_percent=1,
        signal_dbm=-90,
        storage_percent=99,
        last_seen_at=datetime(2026, 3, 7, tzinfo=UTC),
    )
    services = [Service(slug="x", name="X", message="m", status=status) for status in ServiceStatus]
    return diagnostics.findings(device, services, ZoneInfo("UTC"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "slug"),
    [
        ("can I return an item that I bought", "return-an-item"),
        ("wich payment methods do you acept", "payment-methods"),
        ("reset my password", "reset-password"),
        ("replace the batteries", "replace-batteries"),
        ("opening hours of the showroom", "showroom-rotterdam"),
    ],
)
async def test_without_an_encoder_the_right_article_is_among_the_first(session, asked, slug):
    found = await knowledge.search_all(session, asked, staff=False)
    assert slug in [each.article.slug for each in found]
    assert {each.by for each in found} == {"words"}


@pytest.mark.anyio
async def test_customers_never_find_what_is_for_staff(session):
    for article in knowledge.articles():
        if article.front.audience is Audience.STAFF:
            for asked in (article.front.title, *article.front.questions):
                customers = await knowledge.search_all(session, asked, staff=False, limit=50)
                assert article.slug not in {each.article.slug for each in customers}
            staff = await knowledge.search_all(session, article.front.questions[0], staff=True)
            assert article.slug in {each.article.slug for each in staff}
