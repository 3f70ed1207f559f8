"""A small lending library, served: three tools, a table, one controller of its own."""

import asyncio
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated

import httpx
import msgspec
import pytest
from balie.agent import Agent, Candidate, Effect, Evidence, Resolve, Role, Team, ToolContext, tool
from balie.agent.desk import Desk
from balie.api import Limit, Offset, ServedVertical, TheDesk, TheWriter, create_app
from balie.config import ApiSettings, ModelSettings, Settings
from balie.db import Database, VerticalBase, api_keys
from balie.db.migrate import VerticalMigrations, upgrade
from balie.errors import RuleBroken
from balie.routing import Models
from balie.vertical import Demo, Vertical
from litestar import Controller, get, post
from litestar.pagination import OffsetPagination
from litestar.params import JSONBody
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

NOW = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
ELSEWHERE = "192.0.2.7"
BOOKS = ("B-1", "B-2", "B-3")


class Base(VerticalBase):
    """The library's tables."""


class Loan(Base):
    __tablename__ = "loans"

    book: Mapped[str] = mapped_column(String(10), primary_key=True)
    reader: Mapped[str] = mapped_column(String(20))


class AlreadyLent(RuleBroken):
    slug = "already-lent"


class BookFound(msgspec.Struct, frozen=True):
    book: str
    lent: bool


class BookLent(msgspec.Struct, frozen=True):
    book: str
    reader: str


class BookWithdrawn(msgspec.Struct, frozen=True):
    book: str


class Lending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    book: str


async def find_books(ctx):
    return [Candidate(book, book, Evidence("message")) for book in BOOKS if book in ctx.text]


Book = Annotated[
    str, Resolve(find_books, ask="ask_book"), msgspec.Meta(pattern=r"^B-[0-9]$", description="book number")
]


async def lend(session, book, reader):
    if await session.get(Loan, book):
        raise AlreadyLent(f"{book} is lent already.", book=book)
    session.add(Loan(book=book, reader=reader))
    await session.flush()
    return BookLent(book, reader)


@tool(effect=Effect.READ, roles={Role.CUSTOMER, Role.STAFF, Role.ADMIN})
async def find_book(ctx: ToolContext, book: Book) -> BookFound:
    """See whether a book is in."""
    return BookFound(book, await ctx.session.get(Loan, book) is not None)


@tool(effect=Effect.WRITE, roles={Role.CUSTOMER, Role.STAFF, Role.ADMIN}, personal=True)
async def lend_book(ctx: ToolContext, book: Book) -> BookLent:
    """Lend a book."""
    return await lend(ctx.session, book, ctx.caller.identity or "staff")


@tool(effect=Effect.DESTRUCTIVE, roles={Role.STAFF, Role.ADMIN})
async def withdraw_book(ctx: ToolContext, book: Book) -> BookWithdrawn:
    """Take a book out of the library."""
    return BookWithdrawn(book)


REPLIES = {
    "en": {
        "ask_book": "Which book?",
        "book_found": "{{ book }} is {{ 'lent' if lent else 'in' }}.",
        "book_lent": "{{ book }} is yours.",
        "book_withdrawn": "{{ book }} is gone.",
        "confirm_lend_book": "Lend {{ book }}?",
        "confirm_withdraw_book": "Withdraw {{ book }}?",
        "error_already_lent": "{{ book }} is lent already.",
    },
    "nl": {"greeting": "Hallo, dit is {{ title }}."},
}
TEAM = Team(
    name="library",
    agents=(
        Agent("desk", "Desk", "Lends books", (find_book, lend_book)),
        Agent("archive", "Archive", "Withdraws books", (find_book, withdraw_book)),
    ),
    replies=REPLIES,
)


class LoanController(Controller):
    path = "/loans"

    @get("/")
    async def loans(self, desk: TheDesk, limit: Limit = 50, offset: Offset = 0) -> OffsetPagination[BookLent]:
        async with desk.database.read() as session:
            total = await session.scalar(select(func.count()).select_from(Loan))
            rows = await session.scalars(select(Loan).order_by(Loan.book).limit(limit).offset(offset))
            items = [BookLent(row.book, row.reader) for row in rows]
        return OffsetPagination(items=items, limit=limit, offset=offset, total=total)

    @post("/")
    async def lend(self, writer: TheWriter, data: JSONBody[Lending]) -> BookLent:
        async def work(session, now):
            return await lend(session, data.book, writer.caller.identity or "staff")

        return await writer.run("lend", data, work, result=BookLent, subject=lambda lent: f"book:{lent.book}")

    @get("/broken")
    async def broken(self) -> BookLent:
        raise RuntimeError("a secret of the inside")


@dataclass(frozen=True)
class Library(Vertical):
    folder_of_migrations: Path = Path()

    @cached_property
    def team(self):
        return TEAM

    @property
    def controllers(self):
        return (LoanController,)

    @property
    def migrations(self):
        return VerticalMigrations(self.name, self.folder_of_migrations, Base.metadata)


def calling(app, address=ELSEWHERE):
    """A client in the app's own event loop, which Litestar's test client is not."""
    transport = httpx.ASGITransport(app=app, client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self):
        return self.now

    def passes(self, **units):
        self.now += timedelta(**units)


@dataclass
class Served:
    """The running API and what is behind it."""

    client: httpx.AsyncClient
    desk: Desk
    clock: Clock
    keys: dict[str, str] = field(default_factory=dict)

    def bearer(self, who):
        return {"Authorization": f"Bearer {self.keys[who]}"}

    async def conversation(self, who):
        answer = await self.client.post("/v1/conversations", headers=self.bearer(who))
        assert answer.status_code == 201, answer.text
        return answer.json()["conversation"]

    async def command(self, who, conversation, tool, headers=None, **arguments):
        return await self.client.post(
            f"/v1/conversations/{conversation}/commands",
            json={"tool": tool, "arguments": arguments},
            headers={**self.bearer(who), **(headers or {})},
        )


@pytest.fixture
def call():
    return calling


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("BALIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BALIE_FORBID_MODELS", "1")


@pytest.fixture(scope="session")
def current_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("library") / "library.sqlite3"

    async def make():
        database = Database(path=file)
        await upgrade(database)
        async with database.write() as session:
            await (await session.connection()).run_sync(Base.metadata.create_all)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
def library(tmp_path):
    return Library(
        name="library",
        title="Library",
        description="Lends books.",
        package="library",
        demo=Demo(()),
        folder_of_migrations=tmp_path / "no-migrations",
    )


@pytest.fixture
def make_served(tmp_path, current_file, library):
    """A way to serve the library: ``async with make_served(rate_per_minute=3) as served``."""

    @asynccontextmanager
    async def make(**api):
        file = tmp_path / "library.sqlite3"
        if not file.exists():
            shutil.copy(current_file, file)
        settings = Settings(
            models=ModelSettings(generate=False), api=ApiSettings(**{"rate_per_minute": 10_000, **api})
        )
        clock = Clock()
        opened = []

        async def open_desk():
            models = Models(settings.models, name="library", heads=None, commands=TEAM.commands)
            models.start()
            desk = Desk("Library", TEAM, Database(path=file), models, settings, clock=clock)
            opened.append(desk)
            return desk

        app = create_app([ServedVertical(library, open_desk)], settings)
        async with app.lifespan(), calling(app) as client:
            served = Served(client, opened[0], clock)
            async with opened[0].database.write() as session:
                for who, role, identity in (
                    ("anna", "customer", "R-1"),
                    ("ben", "customer", "R-2"),
                    ("staff", "staff", "Femke"),
                    ("admin", "admin", "Daan"),
                ):
                    served.keys[who] = await api_keys.create(session, role=role, identity=identity)
            yield served

    return make


@pytest.fixture
async def served(make_served):
    async with make_served() as served:
        yield served
