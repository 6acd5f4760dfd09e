"""`flask seed`: a small station to develop against."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click
from flask import Flask

from skerry.extensions import db
from skerry.layout import now
from skerry.models import Episode, Listener, Saved, Show, Slot


def add_demo_station(today: date) -> None:
    """Store the demo station in an empty database, with a schedule for `today`."""
    tide = Show(id=1, title="Tide Tables", host="Ailsa Rae", genre="folk", blurb="Songs of waiting for boats.")
    night = Show(id=2, title="Night Ferry", host="Bo Lindqvist", genre="jazz", blurb="Music for the last crossing.")
    toast = Show(id=3, title="Burnt Toast", host="Ailsa Rae", genre="talk", blurb="Breakfast, and what went wrong.")

    def episode(number: int, show: Show, title: str, minutes: int, plays: int, rating: float) -> None:
        aired_on = date(2026, 1, 1) + timedelta(days=number)
        show.episodes.append(
            Episode(id=number, title=title, aired_on=aired_on, minutes=minutes, plays=plays, rating=rating)
        )

    episode(1, tide, "Herring Girls", 58, 1204, 4.5)
    episode(2, tide, "The Long Pier", 65, 310, 4.0)
    episode(3, night, "Brushes Only", 120, 87, 3.5)
    episode(4, night, "Harbour Lights", 90, 41, 4.5)

    def slot(hour: int, show: Show, minutes: int | None) -> Slot:
        return Slot(starts_at=datetime(today.year, today.month, today.day, hour), show=show, minutes=minutes)

    listener = Listener(id=1, name="Una Petrie", pin="1111")
    db.session.add_all([tide, night, toast, listener, Listener(id=2, name="Wim Bakker", pin="2222")])
    db.session.add_all([slot(0, night, 180), slot(7, toast, 90), slot(10, tide, 60), slot(20, night, None)])
    db.session.flush()
    db.session.add(Saved(listener_id=1, episode_id=2))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo station."""
        db.drop_all()
        db.create_all()
        add_demo_station(now().date())
        click.echo("The station has 3 shows and 2 listeners.")
