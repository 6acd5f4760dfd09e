"""`flask seed`: a few trails to look around in."""

from __future__ import annotations

import click
from flask import Flask

from trails.extensions import db
from trails.models import Report, Trail

TRAILS = {"larch-loop": "Larch Loop", "old-mill-path": "Old Mill Path", "ridge-way": "Ridge Way"}


def add_demo_trails() -> None:
    """Store demo trails and two reports in empty tables."""
    trails = [Trail(slug=slug, name=name) for slug, name in TRAILS.items()]
    db.session.add_all(trails)
    db.session.add(Report(trail=trails[0], kind="fallen tree", place="behind the chapel", address="198.51.100.20"))
    db.session.add(
        Report(trail=trails[0], kind="missing sign", place="at the ford", address="198.51.100.21", open=False)
    )
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store demo trails."""
        db.drop_all()
        db.create_all()
        add_demo_trails()
        click.echo("Three trails, two reports.")
