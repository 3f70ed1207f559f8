"""The knowledge base: answers to what is asked often, found by meaning or by words, and quoted.

An article is a file in ``knowledge/``: TOML between two lines of ``+++`` (title, category, audience,
questions, answer, related), then a body in Markdown whose sections begin with ``## ``. The files are what
people edit; the database holds what was loaded from them, and :func:`corpus` gives every text that is
compared with a question, so that the vectors can be made in advance.
"""

import functools
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from balie.db import new_id
from balie.decisions.corpus import digest_of
from balie.errors import ConfigError
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from balie_customer_service.models import Article, Audience, Passage
from balie_customer_service.services.errors import NoSuchArticle
from balie_customer_service.services.words import WordIndex

MEANING_THRESHOLD = 0.37
"""The least score of an answer that is worth giving: questions about other things stay below it."""

WORDS_THRESHOLD = 0.55
"""The least share of the question's words, weighted by how rare they are, in an answer worth giving."""

# Asking each article's own questions, one left out at a time, of the default encoder: the nearest text alone
# finds 60 of 100 articles, together with the next three 68, together with the words 72.
_NEAREST = 4
_SHARE_OF_WORDS = 0.2

_FENCE = "+++"


class Section(Struct, frozen=True):
    """A part of an article that can be quoted by itself. What precedes the first heading has none."""

    heading: str
    text: str


class FrontMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands above an article's body."""

    title: str
    category: str
    audience: Audience
    questions: list[str]
    answer: str
    related: list[str] = []


class ArticleFile(Struct, frozen=True):
    """An article as it is written."""

    slug: str
    front: FrontMatter
    body: str
    sections: list[Section]


class Found(Struct, frozen=True):
    """An article that answers a question, and its passage that does so best.

    ``score`` is between 0 and 1, by ``meaning`` or by ``words``: the two do not compare.
    """

    article: Article
    passage: Passage | None
    score: float
    by: str


class KnowledgeIndex:
    """The vectors of the corpus, kept in memory.

    Args:
        ids: the keys of :func:`corpus`, one a row.
        matrix: unit vectors, float32 of shape [ids, dimensions].
        digest: of the texts that they were made of.
    """

    def __init__(self, ids: Sequence[str], matrix: NDArray[np.float32], digest: str) -> None:
        self.ids = list(ids)
        self.matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.digest = digest
        self._slugs = [each.partition("#")[0] for each in self.ids]

    @property
    def is_current(self) -> bool:
        """Whether the texts are still those that the vectors were made of."""
        return self.digest == corpus_digest()

    def scores(self, vector: NDArray[np.float32]) -> tuple[dict[str, float], dict[str, int]]:
        """Each article's similarity to a unit vector, and the position of its best section.

        The similarity is the mean of that of the article's nearest text and that of its nearest four.
        """
        similar = self.matrix @ np.asarray(vector, dtype=np.float32).ravel()
        articles: dict[str, list[float]] = defaultdict(list)
        sections: dict[str, tuple[float, int]] = {}
        for slug, key, score in zip(self._slugs, self.ids, similar.tolist(), strict=True):
            articles[slug].append(score)
            part = key.partition("#")[2]
            if part.startswith("section-"):
                sections[slug] = max(
                    (score, int(part.removeprefix("section-"))), sections.get(slug, (-1.0, 0))
                )
        nearest = {slug: sorted(found, reverse=True)[:_NEAREST] for slug, found in articles.items()}
        means = {slug: (found[0] + sum(found) / len(found)) / 2 for slug, found in nearest.items()}
        return means, {slug: position for slug, (_score, position) in sections.items()}


def folder() -> Path:
    """Where the articles are: inside an installed package, beside ``src/`` in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "knowledge"
    return installed if installed.is_dir() else package.parents[1] / "knowledge"


@functools.cache
def articles() -> tuple[ArticleFile, ...]:
    """All articles, by slug.

    Raises:
        ConfigError: a file is not written as it should be.
    """
    return tuple(read_article(path) for path in sorted(folder().glob("*.md")))


def read_article(path: Path) -> ArticleFile:
    """One article.

    Raises:
        ConfigError: it is not written as it should be; the words say where.
    """
    _before, fence, rest = path.read_text(encoding="utf-8").partition(f"{_FENCE}\n")
    front, closing, body = rest.partition(f"\n{_FENCE}\n")
    if not fence or not closing:
        raise ConfigError(f"{path.name} must begin with TOML between two lines of {_FENCE}.")
    try:
        matter = msgspec.convert(tomllib.loads(front), FrontMatter)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
    return ArticleFile(path.stem, matter, body.strip(), _sections(body.strip()))


def _sections(body: str) -> list[Section]:
    lead, *parts = f"\n{body}".split("\n## ")
    sections = [Section("", lead.strip())] if lead.strip() else []
    for part in parts:
        heading, _newline, text = part.partition("\n")
        sections.append(Section(heading.strip(), text.strip()))
    return sections


@functools.cache
def corpus() -> dict[str, str]:
    """Every text that a question is compared with, by id: ``slug#title``, ``slug#question-0``, …"""
    texts: dict[str, str] = {}
    for article in articles():
        texts[f"{article.slug}#title"] = article.front.title
        texts[f"{article.slug}#answer"] = article.front.answer
        for index, question in enumerate(article.front.questions):
            texts[f"{article.slug}#question-{index}"] = question
        for index, section in enumerate(article.sections):
            texts[f"{article.slug}#section-{index}"] = f"{section.heading}\n{section.text}".strip()
    return texts


@functools.cache
def corpus_digest() -> str:
    """SHA-256 of the corpus: tells whether vectors were made of it."""
    return digest_of(corpus())


@functools.cache
def _words() -> WordIndex:
    return WordIndex(corpus())


async def store_articles(session: AsyncSession) -> int:
    """Put all articles into an empty knowledge base; gives how many."""
    rows: list[dict[str, object]] = []
    passages: list[dict[str, object]] = []
    for article in articles():
        key = new_id()
        front = msgspec.structs.asdict(article.front)
        rows.append({"id": key, "slug": article.slug, "body": article.body, **front})
        passages += [
            {"id": new_id(), "article_id": key, "position": index, "heading": each.heading, "text": each.text}
            for index, each in enumerate(article.sections)
        ]
    if rows:
        await session.execute(insert(Article), rows)
    if passages:
        await session.execute(insert(Passage), passages)
    return len(rows)


def respelled(question: str) -> str:
    """A question with its typing errors corrected, where a word of the articles is one letter away.

    An encoder is thrown off by them: make the vector for :func:`search` of this.
    """
    return _words().respelled(question)


async def search(
    session: AsyncSession,
    query: str,
    *,
    staff: bool,
    index: KnowledgeIndex | None = None,
    vector: NDArray[np.float32] | None = None,
) -> Found | None:
    """The article that answers a question best, or None where no article is good enough.

    By meaning, and words a little, where there is an ``index`` and the question's unit ``vector``; by words
    alone otherwise.
    Articles for staff are found by staff only (CS-8).
    """
    found = await search_all(session, query, staff=staff, index=index, vector=vector, limit=1)
    return found[0] if found else None


async def search_all(
    session: AsyncSession,
    query: str,
    *,
    staff: bool,
    index: KnowledgeIndex | None = None,
    vector: NDArray[np.float32] | None = None,
    limit: int = 3,
) -> list[Found]:
    """Like :func:`search`, but the best ones, in order."""
    by, threshold = "words", WORDS_THRESHOLD
    scores, sections = _words().scores(query)
    if index is not None and vector is not None:
        by, threshold = "meaning", MEANING_THRESHOLD
        by_meaning, sections = index.scores(vector)
        scores = {
            slug: (1 - _SHARE_OF_WORDS) * score + _SHARE_OF_WORDS * scores.get(slug, 0.0)
            for slug, score in by_meaning.items()
        }
    near = [slug for slug, score in scores.items() if score >= threshold]
    visible = await session.scalars(
        _visible(staff).with_only_columns(Article.slug).where(Article.slug.in_(near))
    )
    ranked = sorted(visible, key=lambda slug: (-scores[slug], slug))[:limit]
    chosen = select(Article).where(Article.slug.in_(ranked)).options(selectinload(Article.passages))
    stored = {article.slug: article for article in await session.scalars(chosen)}
    return [
        Found(stored[slug], _passage(stored[slug], sections.get(slug)), scores[slug], by) for slug in ranked
    ]


def _passage(article: Article, position: int | None) -> Passage | None:
    return next((passage for passage in article.passages if passage.position == position), None)


def _visible(staff: bool) -> Select[Article]:
    chosen = select(Article)
    return chosen if staff else chosen.where(Article.audience == Audience.CUSTOMER)


async def get_article(session: AsyncSession, slug: str, *, staff: bool) -> Article:
    """An article with its passages.

    Raises:
        NoSuchArticle: it is not there, or it is for staff only.
    """
    article = await session.scalar(
        _visible(staff).where(Article.slug == slug).options(selectinload(Article.passages))
    )
    if article is None:
        raise NoSuchArticle(slug)
    return article


async def list_articles(
    session: AsyncSession, *, staff: bool, category: str | None = None
) -> Sequence[Article]:
    """The articles, without their passages, by category and title."""
    chosen = _visible(staff).order_by(Article.category, Article.title)
    if category is not None:
        chosen = chosen.where(Article.category == category)
    return (await session.scalars(chosen)).all()
