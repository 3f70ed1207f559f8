import subprocess
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from balie.db import Base, Database, EncryptedText, Json, Timestamps, UuidKey, VerticalBase, migrate
from balie.errors import DataError, MigrationNeeded
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, MetaData, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

pytestmark = pytest.mark.anyio
CHILDREN = Path(__file__).with_name("children.py")


class ShelfBase(VerticalBase):
    """The tables of a vertical."""


class Colour(StrEnum):
    SEA_GREEN = "sea-green"
    RED = "red"


class Shelf(UuidKey, Timestamps, ShelfBase):
    __tablename__ = "shelves"

    number: Mapped[str] = mapped_column(unique=True)
    colour: Mapped[Colour]
    price: Mapped[Decimal]
    owner: Mapped[str | None] = mapped_column(EncryptedText)
    notes: Mapped[dict[str, str]] = mapped_column(Json)
    floor: Mapped[int]

    __table_args__ = (Index(None, "floor", "number"), CheckConstraint("floor >= 0", name="floor"))


class Box(UuidKey, ShelfBase):
    __tablename__ = "boxes"

    shelf: Mapped[str] = mapped_column(ForeignKey(Shelf.number))


@pytest.fixture
def vertical(tmp_path):
    folder = tmp_path / "100% a folder" / "migrations"
    folder.mkdir(parents=True)
    return migrate.VerticalMigrations("shelf-desk", folder, ShelfBase.metadata)


@pytest.fixture
async def revised(empty_url, vertical):
    """A database at the head of a vertical whose first migration was just made."""
    await migrate.upgrade(empty_url)
    assert (await migrate.revise(empty_url, vertical, "shelves")).name == "0001_shelves.py"
    assert await migrate.upgrade(empty_url, vertical)
    return empty_url


async def test_from_nothing_to_the_tables_that_the_code_expects(empty_url):
    assert not await migrate.is_current(empty_url)
    assert await migrate.upgrade(empty_url)
    assert await migrate.is_current(empty_url)
    assert await migrate.differences(empty_url) == []
    assert not await migrate.upgrade(empty_url)


async def test_the_checks_are_there_too(database):
    for statement in (
        "UPDATE pending_actions SET status = 'maybe'",
        "UPDATE handoffs SET status = 'maybe'",
        "UPDATE turns SET speaker = 'parrot'",
    ):
        table = statement.split()[1]
        names = [check.name for check in Base.metadata.tables[table].constraints]
        assert f"ck_{table}_{statement.split()[3]}" in names
    async with database.read() as session:
        if database.is_sqlite:
            ddl = "SELECT group_concat(sql) FROM sqlite_master"
        else:
            ddl = "SELECT string_agg(conname, ',') FROM pg_constraint"
        there = await session.scalar(text(ddl))
    for name in ("ck_pending_actions_status", "ck_handoffs_status", "ck_turns_speaker"):
        assert name in there


# PostgreSQL keeps it in other words.
EXPRESSION = "(CASE WHEN title <> 'none' THEN 1 END)"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("change", "same"),
    [
        ((), True),
        (("DROP INDEX ix_books_title",), False),
        (("DROP INDEX ix_books_title", "CREATE INDEX ix_books_title ON books (upper(title))"), False),
        (("CREATE INDEX ix_books_other ON books (lower(title))",), False),
        (("DROP TABLE books",), False),
    ],
    ids=["as it should be", "gone", "another expression", "one too many", "no table"],
)
async def test_an_index_over_an_expression_is_compared_too(database, tmp_path, change, same):
    metadata = MetaData()
    books = Table("books", metadata, Column("title", String), Index("ix_books_title", text(EXPRESSION)))
    Index("ix_books_backwards", books.c.title.desc())
    async with database.write() as session:
        await (await session.connection()).run_sync(metadata.create_all)
        for statement in change:
            await session.execute(text(statement))
    found = await migrate.differences(database, migrate.VerticalMigrations("books", tmp_path, metadata))
    assert (found == []) is same, found


async def test_a_verticals_own_history(revised, vertical):
    assert await migrate.is_current(revised, vertical)
    assert await migrate.current(revised, vertical) == {
        "balie": migrate.head(migrate.RUNTIME),
        "shelf-desk": "0001",
    }
    assert await migrate.differences(revised, vertical) == []
    assert await migrate.differences(revised) == []
    assert await migrate.revise(revised, vertical, "nothing new") is None
    assert len(list(vertical.folder.glob("versions/*.py"))) == 1
    db = Database(revised)
    async with db.write() as session:
        shelf = Shelf(
            number="A1", colour=Colour.SEA_GREEN, price=Decimal("19.95"), owner="Marit", notes={}, floor=0
        )
        session.add(shelf)
    async with db.read() as session:
        row = (await session.execute(text("SELECT colour, price, owner FROM shelves"))).one()
        back = await session.get_one(Shelf, shelf.id)
    await db.close()
    assert row.colour == "sea-green"
    assert row.price == 1995
    assert b"Marit" not in row.owner
    assert (back.colour, back.price, back.owner) == (Colour.SEA_GREEN, Decimal("19.95"), "Marit")


SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

def upgrade() -> None:
    with op.batch_alter_table("shelves") as shelves:
        shelves.alter_column("number", type_=sa.String(40))
    {also}

def downgrade() -> None:
    pass
"""


async def test_a_table_that_others_point_to_is_altered_without_losing_them(revised, vertical):
    db = Database(revised)
    async with db.write() as session:
        session.add(Shelf(number="A1", colour=Colour.RED, price=Decimal(1), notes={}, floor=0))
        await session.flush()
        session.add(Box(shelf="A1"))
    (vertical.folder / "versions" / "0002_longer.py").write_text(SECOND.format(also="pass"))
    with pytest.raises(MigrationNeeded, match="balie db upgrade shelf-desk"):
        await migrate.require_current(db, vertical)
    assert await migrate.upgrade(db, vertical)
    async with db.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM boxes")) == 1
    await db.close()
    await migrate.require_current(revised, vertical)


async def test_a_migration_that_fails_changes_nothing(revised, vertical):
    broken = SECOND.format(also="op.execute('UPDATE nowhere SET nothing = 1')")
    (vertical.folder / "versions" / "0002_broken.py").write_text(broken)
    with pytest.raises(Exception, match="nowhere"):
        await migrate.upgrade(revised, vertical)
    assert (await migrate.current(revised, vertical))["shelf-desk"] == "0001"


async def test_a_migration_that_leaves_rows_pointing_to_nothing_is_taken_back(tmp_path, vertical):
    url = f"sqlite:///{tmp_path}/desk.db"
    await migrate.upgrade(url)
    await migrate.revise(url, vertical, "shelves")
    broken = SECOND.format(also="op.execute(\"INSERT INTO boxes VALUES ('00', 'none')\")")
    (vertical.folder / "versions" / "0002_broken.py").write_text(broken)
    with pytest.raises(DataError, match="1 rows would point to nothing, in boxes"):
        await migrate.upgrade(url, vertical)
    assert (await migrate.current(url, vertical))["shelf-desk"] is None


async def test_a_database_newer_than_the_code(database):
    async with database.write() as session:
        await session.execute(text("UPDATE balie_version SET version_num = '9999'"))
    assert not await migrate.is_current(database)
    with pytest.raises(MigrationNeeded, match="newer than this Balie"):
        await migrate.require_current(database)
    with pytest.raises(MigrationNeeded, match="9999"):
        await migrate.upgrade(database)


def test_a_history_with_two_ends_is_refused(vertical):
    for number in (1, 2):
        (vertical.folder / "versions").mkdir(exist_ok=True)
        (vertical.folder / "versions" / f"{number}.py").write_text(
            f'revision = "{number}"\ndown_revision = None\n'
        )
    with pytest.raises(DataError, match="2 ends: 1, 2"):
        migrate.head(vertical)


async def test_looking_does_not_make_a_database(tmp_path):
    assert not await migrate.is_current(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.glob("*.db")) == []


async def test_erasing_takes_out_everything(revised, vertical):
    await migrate.erase(revised, vertical)
    assert set((await migrate.current(revised, vertical)).values()) == {None}
    assert await migrate.upgrade(revised, vertical)


def test_processes_that_upgrade_together_do_it_once(empty_url):
    subprocess.run([sys.executable, CHILDREN, "upgrade", "4", empty_url], check=True)


def test_a_current_database_does_not_cost_the_import_of_alembic(url):
    look = (
        "import asyncio, sys; from balie.db import migrate; "
        f"assert asyncio.run(migrate.is_current({url!r})); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", look], check=True)
