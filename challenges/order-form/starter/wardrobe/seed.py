"""`flask seed`: a small wardrobe to develop against."""

from __future__ import annotations

import click
from flask import Flask

from wardrobe.extensions import db
from wardrobe.models import Costume, Order, OrderLine


def add_demo_wardrobe() -> None:
    """Store five costumes and two orders in an empty database."""
    cape = Costume(code="CAP-101", title="Cape, black velvet", pieces=12, day_cents=450)
    crown = Costume(code="KNG-014", title="Crown, gilt, with stones", pieces=2, day_cents=900)
    uniform = Costume(code="SOL-220", title="Hussar's uniform", pieces=16, day_cents=1250)
    gown = Costume(code="VIC-032", title="Ball gown, emerald", pieces=4, day_cents=1800)
    wings = Costume(code="WNG-007", title="Wings, swan", pieces=9, day_cents=600)
    db.session.add_all([cape, crown, uniform, gown, wings])

    def order(company: str, days: int, *lines: OrderLine) -> None:
        new = Order(company=company, days=days, lines=list(lines))
        new.total_cents = sum(line.cents for line in lines)
        db.session.add(new)

    def line(position: int, costume: Costume, count: int, note: str = "", **ticks: bool) -> OrderLine:
        return OrderLine(
            position=position, costume=costume, count=count, note=note, **{"press": False, "packed": False} | ticks
        )

    order(
        "St. Fintan's Players",
        4,
        line(0, crown, 1, "a large head"),
        line(1, gown, 2, press=True),
        line(2, cape, 6, packed=True),
    )
    order("Ballet School Ní Riain", 2, line(0, wings, 9, packed=True), line(1, cape, 1, "for the sorcerer"))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo wardrobe."""
        db.drop_all()
        db.create_all()
        add_demo_wardrobe()
        click.echo("The wardrobe has 5 costumes and 2 orders.")
