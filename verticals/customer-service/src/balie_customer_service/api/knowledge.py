"""The knowledge base."""

from typing import Annotated

from balie.api import Limit, Offset, TheCaller, TheDesk, page
from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.pagination import OffsetPagination
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta, Struct

from balie_customer_service.models import Article
from balie_customer_service.services import knowledge

Slug = Annotated[str, PathParameter(examples=[Example(value="update-firmware")])]


class ArticleSummary(Struct, frozen=True):
    """An article in a list."""

    slug: str
    title: str
    category: str
    answer: str

    @classmethod
    def of(cls, article: Article) -> "ArticleSummary":
        """Of the row."""
        return cls(article.slug, article.title, article.category, article.answer)


class ArticleView(Struct, frozen=True):
    """An answer to what is asked often."""

    slug: str
    title: str
    category: str
    answer: str
    body: Annotated[str, Meta(description="Markdown")]
    related: Annotated[list[str], Meta(description="Slugs of other articles")]

    @classmethod
    def of(cls, article: Article) -> "ArticleView":
        """Of the row."""
        return cls(
            article.slug, article.title, article.category, article.answer, article.body, list(article.related)
        )


class ArticleController(Controller):
    """Articles for customers are for anybody, those for staff are for staff."""

    path = "/articles"
    tags = ("Knowledge",)

    @get("/", summary="Articles, by category and title")
    async def articles(
        self,
        desk: TheDesk,
        caller: TheCaller,
        category: Annotated[str | None, QueryParameter(max_length=40)] = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[ArticleSummary]:
        """A page of articles."""
        async with desk.database.read() as session:
            found = await knowledge.list_articles(session, staff=caller.is_staff, category=category)
        return page([ArticleSummary.of(each) for each in found], limit, offset)

    @get("/{slug:str}", summary="An article")
    async def article(self, desk: TheDesk, caller: TheCaller, slug: Slug) -> ArticleView:
        """One article."""
        async with desk.database.read() as session:
            return ArticleView.of(await knowledge.get_article(session, slug, staff=caller.is_staff))
