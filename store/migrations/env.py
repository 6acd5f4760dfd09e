"""What Alembic runs: migrations on the connection that `store.schema` hands in, inside its transaction."""

from alembic import context

from store import assessment_tables, webhook_tables  # noqa: F401 -- its tables are in the same metadata
from store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite can't alter most of a table: batch mode makes it anew.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
