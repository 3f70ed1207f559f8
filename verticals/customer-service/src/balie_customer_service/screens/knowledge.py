"""For everybody: the knowledge base."""

from collections.abc import Sequence

from balie.tui.screens.records import Column, RecordsScreen, Row, heading
from balie.tui.text import plain
from textual.widget import Widget
from textual.widgets import Markdown

from balie_customer_service.models import Article
from balie_customer_service.screens.common import spoken
from balie_customer_service.services import knowledge

MOST = 20


class KnowledgeScreen(RecordsScreen):
    """Articles by subject, or by what is asked; some are for staff only (CS-8)."""

    TITLE = "Knowledge"
    COLUMNS = (Column("Subject", 14), Column("Article"))
    SEARCH = "Ask or search"
    EMPTY = "No article has these words. Ask the desk (F2)."

    def __init__(self) -> None:
        super().__init__()
        self._titles: dict[str, str] = {}

    @property
    def _is_staff(self) -> bool:
        return self.session.caller.is_staff

    async def rows(self, search: str) -> Sequence[Row]:
        """All of them by subject; or those with the words in their title, and those that answer best."""
        async with self.session.read() as db:
            every = await knowledge.list_articles(db, staff=self._is_staff)
            if search:
                found = await knowledge.search_all(db, search, staff=self._is_staff, limit=MOST)
        self._titles = {article.slug: article.title for article in every}
        if not search:
            return [self._row(article) for article in every]
        words = search.casefold().split()
        named = [article for article in every if all(word in article.title.casefold() for word in words)]
        known = {article.slug for article in named}
        return [
            self._row(a)
            for a in (*named, *(each.article for each in found if each.article.slug not in known))
        ]

    def _row(self, article: Article) -> Row:
        return Row(article.slug, (self.cell(spoken(article.category), "primary"), self.cell(article.title)))

    async def detail(self, key: str) -> Sequence[Widget]:
        """The article, and what belongs to it."""
        async with self.session.read() as db:
            article = await knowledge.get_article(db, key, staff=self._is_staff)
        related = [self._titles[slug] for slug in article.related if slug in self._titles]
        more = "\n\n**See also**\n\n" + "\n".join(f"- {title}" for title in related) if related else ""
        return [heading(article.title), Markdown(plain(article.body + more), open_links=False)]
