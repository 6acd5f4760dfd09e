"""Commands: `flask --app pressroom seed`."""

import click
from flask import Flask

from pressroom.extensions import db
from pressroom.sample import fill


def init_app(app: Flask) -> None:
    """Add our commands to `flask`."""
    app.cli.add_command(seed)


@click.command()
@click.option("--posts", default=200, show_default=True, help="How many posts to make.")
def seed(posts: int) -> None:
    """Start again with sample data: everything in the database is lost."""
    db.drop_all()
    db.create_all()
    fill(posts)
    click.echo(f"{posts} posts are in {db.engine.url}")
