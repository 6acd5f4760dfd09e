"""How Alembic runs the migrations: on the connection that it is given, all in one transaction."""

from alembic import context

from treereg.extensions import db

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=db.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
