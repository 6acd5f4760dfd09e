"""`flask db` and `flask seed`."""

from datetime import date
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Connection, MetaData, insert

from treereg.extensions import db

MIGRATIONS = Path(__file__).parents[1] / "migrations"
TREES = (
    ("T-0001", "Oak", "412", "Ashby", "Church green"),
    ("T-0002", " oak", "3.87 m", "Ashby", "Mill lane, by the ford"),
    ("T-0003", "Small-leaved lime", "265 cm", "Norton", "The pound"),
    ("T-0004", None, None, "Norton", "Behind the school"),
)
VISITS = (("T-0001", "2024-05-02", "ok"), ("T-0002", "2024-05-02", "danger"), ("T-0002", "2026-04-11", None))


def migrations(connection: Connection) -> Config:
    """What Alembic's commands need to work on this connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


db_group = AppGroup("db", help="Bring the database to another revision.")


@db_group.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    with db.engine.connect() as connection:
        command.upgrade(migrations(connection), revision)


@db_group.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    with db.engine.connect() as connection:
        command.downgrade(migrations(connection), revision)


@db_group.command("current")
def current_command() -> None:
    with db.engine.connect() as connection:
        click.echo(MigrationContext.configure(connection).get_current_revision() or "empty")


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Empty the database and store a few trees as they are in production."""
    with db.engine.begin() as connection:
        there = MetaData()
        there.reflect(connection)
        there.drop_all(connection)
    with db.engine.connect() as connection:
        command.upgrade(migrations(connection), "0002")
    with db.engine.begin() as connection:
        store_trees(connection)
    click.echo("Stored four trees.")


def store_trees(connection: Connection) -> None:
    there = MetaData()
    there.reflect(connection)
    columns = ("number", "species", "girth", "parish", "place")
    connection.execute(insert(there.tables["trees"]), [dict(zip(columns, tree, strict=True)) for tree in TREES])
    numbers = [number for number, *_ in TREES]
    visits = [
        {"tree_id": numbers.index(number) + 1, "visited_on": date.fromisoformat(day), "warden": "M. Grey", "result": result}
        for number, day, result in VISITS
    ]
    connection.execute(insert(there.tables["visits"]), visits)
