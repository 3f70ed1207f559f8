"""An answer out of the knowledge base: quoted with its article, or none at all (CS-15)."""

import functools
import re

from balie.agent import ToolContext

from balie_customer_service import results
from balie_customer_service.services import knowledge

_LONGEST_QUOTE = 420
_MARKDOWN = re.compile(r"[*_`]+|^\s*(?:[-+]|\d+\.)\s+|\[([^\]]+)\]\([^)]+\)", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


async def find_answer(ctx: ToolContext, question: str) -> results.KnowledgeAnswer:
    """The article that answers a question and the passage that does so best."""
    index, vector = None, None
    if ctx.corpus is not None and (vectors := await ctx.embed([knowledge.respelled(question)])) is not None:
        index, vector = _index(ctx.corpus), vectors[0]
    found = await knowledge.search(
        ctx.session, question, staff=ctx.caller.is_staff, index=index, vector=vector
    )
    if found is None:
        return results.KnowledgeAnswer(question=question)
    article = found.article
    return results.KnowledgeAnswer(
        question=question,
        title=article.title,
        slug=article.slug,
        quote=quote(found.passage.text if found.passage else article.answer, article.answer),
        link=f"/v1/articles/{article.slug}",
    )


@functools.lru_cache(maxsize=1)
def _index(corpus: object) -> knowledge.KnowledgeIndex | None:
    """The vectors as the knowledge base searches them; None where the articles have changed since."""
    index = knowledge.KnowledgeIndex(corpus.ids, corpus.vectors, corpus.digest)  # type: ignore[attr-defined]
    return index if index.is_current else None


def quote(passage: str, answer: str) -> str:
    """The article's answer and the passage that fits, as plain text: whole sentences, read at a glance."""
    text = passage if answer in passage else f"{answer} {passage}"
    text = " ".join(_MARKDOWN.sub(r"\1", text).split())
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        if kept and len(kept) + len(sentence) > _LONGEST_QUOTE:
            break
        kept = f"{kept} {sentence}".strip()
    return kept
