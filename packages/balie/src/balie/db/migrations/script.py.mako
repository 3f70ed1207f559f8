<%
    def without_notes(code):
        return "\n".join(line for line in code.splitlines() if not line.strip().startswith("# ###")).strip()
%>\
"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${without_notes(upgrades or "") or "pass"}


def downgrade() -> None:
    ${without_notes(downgrades or "") or "pass"}
