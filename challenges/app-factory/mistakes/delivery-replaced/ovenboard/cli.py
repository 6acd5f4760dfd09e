"""Commands: `flask init-db`, `flask add-product`."""

from __future__ import annotations

import click
from flask import Flask

from ovenboard import db, menu
from ovenboard.models import Base, Product


def register(app: Flask) -> None:
    @app.cli.command("init-db")
    def init_db() -> None:
        """Make the tables that are missing."""
        Base.metadata.create_all(db.engine())

    @app.cli.command("add-product")
    @click.argument("slug")
    @click.argument("name")
    @click.argument("cents", type=click.IntRange(1))
    def add_product(slug: str, name: str, cents: int) -> None:
        """Put a product on the menu."""
        db.session().add(Product(slug=slug, name=name, price_cents=cents))
        db.session().commit()
        menu.forget()
        click.echo(f"{slug} is on the menu.")
