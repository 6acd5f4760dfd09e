import pytest
from alembic import command
from sqlalchemy import MetaData, insert

from treereg import create_app
from treereg.commands import migrations
from treereg.extensions import db
from treereg.models import Species, Tree


@pytest.fixture
def empty(tmp_path):
    """An app without any table."""
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'treereg.db'}"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(empty):
    db.create_all()
    oak = Species(name="Oak")
    db.session.add(Tree(number="T-0007", parish="Ashby", place="The green", species=oak, girth_cm=312))
    db.session.add(Tree(number="T-0009", parish="Norton", place="The pound"))
    db.session.commit()
    return empty.test_client()


@pytest.fixture
def revisions(empty):
    """Brings the database to a revision; `store` puts rows into a table as it is then."""

    class Revisions:
        def up(self, revision="head"):
            with db.engine.connect() as connection:
                command.upgrade(migrations(connection), revision)

        def down(self, revision):
            with db.engine.connect() as connection:
                command.downgrade(migrations(connection), revision)

        def store(self, table, *rows):
            with db.engine.begin() as connection:
                there = MetaData()
                there.reflect(connection)
                connection.execute(insert(there.tables[table]), list(rows))

        def rows(self, table):
            with db.engine.begin() as connection:
                there = MetaData()
                there.reflect(connection)
                found = connection.execute(there.tables[table].select().order_by(there.tables[table].c.id))
                return [dict(row) for row in found.mappings()]

    return Revisions()
