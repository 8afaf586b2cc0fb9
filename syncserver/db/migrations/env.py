"""Alembic's environment: runs all migrations in one transaction, on the connection from `syncserver.db.migrations`."""

from alembic import context

from syncserver.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
