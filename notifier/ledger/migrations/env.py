"""Alembic's entry: runs the migrations on the connection that the ledger hands over."""

from alembic import context

from notifier.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
