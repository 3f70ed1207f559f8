"""Three books."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from .models import Book, Loan


async def seed(session: AsyncSession, today: date) -> None:
    """The last copy of Emma is out until the end of the week that begins ``today``."""
    session.add_all(
        [
            Book(number="B-101", title="Moby Dick", copies=2),
            Book(number="B-102", title="Emma", copies=0),
            Book(number="B-103", title="Dracula", copies=1),
        ]
    )
    await session.flush()
    session.add(Loan(book_id="B-102", member="M-2", note="for her mother", due=today + timedelta(days=7)))
