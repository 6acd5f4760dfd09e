"""`flask create-tables` and `flask seed`."""

import click
from flask import Flask
from sqlalchemy import func, select

from parcels.extensions import db
from parcels.models import Account
from parcels.seed import seed_demo


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.command("create-tables")(create_tables)
    app.cli.command("seed")(seed)


def create_tables() -> None:
    """Make the tables that are missing."""
    db.create_all()


def seed() -> None:
    """Make the tables and fill an empty database with demo data."""
    db.create_all()
    if db.session.scalar(select(func.count()).select_from(Account)):
        raise click.ClickException("The database has accounts already; nothing was changed.")
    for key in seed_demo():
        click.echo(key)
