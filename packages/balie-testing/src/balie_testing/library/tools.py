"""One tool that looks, one that changes something."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

import msgspec
from balie.agent import Agent, Candidate, Effect, Resolve, ResolveContext, Role, Team, ToolContext, tool
from balie.errors import RuleBroken
from sqlalchemy import select

from .models import Book, Loan

_NUMBER = re.compile(r"\bB-\d{3}\b", re.IGNORECASE)
_EVERYBODY = frozenset(Role)

REPLIES = {
    "en": {
        "do_find_book": "find a book",
        "do_borrow_book": "borrow a book",
        "ask_book": "Which book? Its number will do.",
        "book_found": "{{ title }} ({{ book }}) has {{ copies | plural('copy', 'copies') }} on the shelf.",
        "borrow_preview": "{{ title }}",
        "confirm_borrow_book": "Shall I lend you {{ title }} ({{ book }}) until {{ due | day }}?",
        "book_borrowed": "{{ title }} ({{ book }}) is yours until {{ due | day }}.",
        "error_no_such_book": "There is no book {{ book }}.",
        "error_none_left": "Every copy of {{ title }} is out.",
    }
}


class NoSuchBook(RuleBroken):
    """A number that no book has."""

    slug = "no-such-book"


class NoneLeft(RuleBroken):
    """Every copy is out."""

    slug = "none-left"


class BookFound(msgspec.Struct):
    """A book, and how many copies stand on the shelf."""

    book: str
    title: str
    copies: int


class BookBorrowed(msgspec.Struct):
    """A book that the member takes home."""

    book: str
    title: str
    due: date


async def numbers(context: ResolveContext) -> Sequence[Candidate]:
    """Book numbers in what was said; else the book that was spoken of."""
    found = [context.found(m[0].upper(), m.start(), m.end()) for m in _NUMBER.finditer(context.text)]
    return found or []


BookNumber = Annotated[
    str, Resolve(numbers, ask="ask_book"), msgspec.Meta(description="number of a book, B-101")
]


async def _book(context: ToolContext, number: str) -> Book:
    book = await context.session.scalar(select(Book).where(Book.number == number))
    if book is None:
        raise NoSuchBook(f"There is no book {number}.", book=number)
    return book


@tool(effect=Effect.READ, roles=_EVERYBODY)
async def find_book(context: ToolContext, book: BookNumber) -> BookFound:
    """Look up a book and its copies."""
    found = await _book(context, book)
    return BookFound(found.number, found.title, found.copies)


@tool(effect=Effect.WRITE, roles=_EVERYBODY, personal=True)
async def borrow_book(context: ToolContext, book: BookNumber) -> BookBorrowed:
    """Lend a copy of a book to the member, for two weeks."""
    offered: BookBorrowed = await _offered(context, book)
    found = await _book(context, book)
    found.copies -= 1
    member = context.caller.identity or ""
    context.session.add(Loan(book_id=found.number, member=member, note=f"lent to {member}", due=offered.due))
    await context.session.flush()
    return offered


@borrow_book.preview
async def _offered(context: ToolContext, book: str) -> BookBorrowed:
    found = await _book(context, book)
    if not found.copies:
        raise NoneLeft(f"Every copy of {found.title} is out.", title=found.title)
    return BookBorrowed(found.number, found.title, (context.now + timedelta(days=14)).date())


TEAM = Team(
    "library",
    (Agent("librarian", "The librarian", "Finds and lends books.", (find_book, borrow_book)),),
    REPLIES,
    shortcuts=((_NUMBER, "find_book"),),
)
