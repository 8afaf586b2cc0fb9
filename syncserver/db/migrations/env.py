"""What Alembic runs: one transaction for all migrations, on the connection that `syncserver.db.migrations` hands
over."""

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
