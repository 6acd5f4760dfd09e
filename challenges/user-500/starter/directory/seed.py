"""`flask seed`: a small company to develop against."""

from __future__ import annotations

from datetime import date

import click
from flask import Flask

from directory.extensions import db
from directory.models import Office, Profile, Team, User


def add_demo_staff() -> None:
    """Store the demo company in an empty database."""
    leeds = Office(code="LDS", city="Leeds")
    porto = Office(code="OPO", city="Porto")
    board = Team(slug="board", name="Board")
    optics = Team(slug="optics", name="Optics")
    sales = Team(slug="sales", name="Sales")

    def person(number: int, name: str, team: Team, manager: User | None, profile: Profile | None) -> User:
        username = name.lower().replace(" ", ".")
        user = User(id=number, username=username, name=name, email=f"{username}@tidewater.example", team=team)
        user.manager = manager
        if profile is not None:
            user.profile = profile
        db.session.add(user)
        return user

    ruth = person(1, "Ruth Calder", board, None, Profile(title="Managing Director", office=leeds))
    ivo = person(
        2,
        "Ivo Martins",
        optics,
        ruth,
        Profile(
            title="Head of Optics",
            phone="+351 22 555 0102",
            pronouns="he/him",
            bio="Grinds lenses at weekends, too.",
            started_on=date(2016, 5, 2),
            office=porto,
        ),
    )
    designer = Profile(title="Lens Designer", phone="+351 22 555 0103", office=porto)
    person(3, "Agnes Holm", optics, ivo, designer)
    bela = person(4, "Bela Novak", sales, ruth, Profile(title="Head of Sales", started_on=date(2019, 9, 16)))
    person(5, "Carl Dietz", sales, bela, Profile(title="Account Manager")).active = False
    person(6, "Nora Lind", sales, bela, None)
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo company."""
        db.drop_all()
        db.create_all()
        add_demo_staff()
        click.echo("The directory holds 6 people in 3 teams.")
