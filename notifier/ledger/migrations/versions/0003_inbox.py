"""What came in, and whether it has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of what came in."""
    op.create_table(
        "inbox",
        sa.Column("way", sa.String(128), primary_key=True),
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("heeded", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("inbox_by_state", "inbox", ["heeded", "at"])
