"""Commands: `flask seed` and `flask run-jobs`."""

from __future__ import annotations

import click
from flask import Flask

from coldframe.extensions import db
from coldframe.models import Product
from coldframe.worker import run_due_jobs

DEMO = (
    ("BEAN-01", "Runner bean, scarlet", 290),
    ("KALE-03", "Kale, black Tuscan, 6 plants", 640),
    ("LEEK-02", "Leek, winter, 20 plants", 755),
    ("TOMA-11", "Tomato, Black Krim", 345),
)


def add_demo_products() -> None:
    """Store the demo shop in an empty database."""
    db.session.add_all([Product(sku=sku, name=name, price_cents=price) for sku, name, price in DEMO])
    db.session.commit()


def register(app: Flask) -> None:
    """Add the commands to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo shop."""
        db.drop_all()
        db.create_all()
        add_demo_products()
        click.echo(f"{len(DEMO)} products are in {db.engine.url}")

    @app.cli.command("run-jobs")
    def run_jobs() -> None:
        """Run the jobs that are due, once."""
        click.echo(f"{run_due_jobs()} jobs ran")
