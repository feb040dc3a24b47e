"""Calls, their callees and notices; what waits knows its rank, its role and its lane."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the new tables, and the outbox anew with everything that waits in it."""
    op.create_table(
        "call",
        sa.Column("id", sa.String(128), primary_key=True),
        sa.Column("begun", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("call_by_time", "call", ["begun"])
    op.create_table(
        "callee",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("call", sa.String(128), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ring_at", sa.String(32), nullable=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("callee_by_time", "callee", ["ring_at"])
    op.create_index("callee_by_call", "callee", ["call"])
    op.create_table(
        "notice",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.add_column(
        "departure", sa.Column("person", sa.String(64), nullable=False, server_default="")
    )
    op.add_column("message", sa.Column("rank", sa.Integer, nullable=False, server_default="2"))
    op.drop_index("waiting_by_lane", "waiting")
    op.rename_table("waiting", "waiting_before")
    op.create_table(
        "waiting",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("stage", sa.String(64), primary_key=True),
        sa.Column("lane", sa.String(128), primary_key=True),
        sa.Column("person", sa.String(64), primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
    )
    op.create_index("waiting_by_lane", "waiting", ["lane", "rank", "asked_at"])
    op.execute(
        "INSERT INTO waiting (key, stage, lane, person, rank, role, part, reason, asked_at, alone)"
        " SELECT key, stage, lane, person, 2, '', 0, reason, asked_at, alone FROM waiting_before"
    )
    op.drop_table("waiting_before")
