"""The library's tables."""

import sqlalchemy as sa
from alembic import op
from balie.db import EncryptedText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.String(10), nullable=False, unique=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "loans",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("book_id", sa.String(10), sa.ForeignKey("books.number"), nullable=False),
        sa.Column("member", sa.String(20), nullable=False),
        sa.Column("note", EncryptedText()),
        sa.Column("due", sa.Date(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("loans")
    op.drop_table("books")
