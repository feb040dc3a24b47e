"""The record and the tables that are folded from it."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "subject",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "standing",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("closes", sa.String(32), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("standing_by_state", "standing", ["state", "closes"])
    op.create_index("standing_by_rule", "standing", ["rule", "state"])
    op.create_table(
        "agenda",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("due_at", sa.String(32), nullable=False),
    )
    op.create_index("agenda_by_time", "agenda", ["due_at"])
    op.create_table(
        "waiting",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("stage", sa.String(64), primary_key=True),
        sa.Column("lane", sa.String(128), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", sa.String(32), nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
    )
    op.create_index("waiting_by_lane", "waiting", ["lane", "asked_at"])
    op.create_table(
        "message",
        sa.Column("code", sa.String(32), primary_key=True),
        sa.Column("lane", sa.String(128), nullable=False),
        sa.Column("ready_at", sa.String(32), nullable=False),
        sa.Column("doubtful", sa.Boolean, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("message_by_lane", "message", ["lane", "ready_at"])
    op.create_table(
        "departure",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(128), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
    )
    op.create_index("departure_by_lane", "departure", ["lane", "at"])
    op.create_table(
        "lane",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("blocked_until", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "mark",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
