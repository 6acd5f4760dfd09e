"""`flask seed`: a small register to develop against."""

from __future__ import annotations

import click
from flask import Flask

from pollard.extensions import db
from pollard.models import Landowner, Tree

#: Number, name, species, parish, girth and height in cm, year of planting, published, landowner.
TREES = (
    (1, "The Hundred's Oak", "Pedunculate oak", "Ashby", 912, 1810, None, True, None),
    (2, "Rectory Lime", "Common lime", "Ashby", 540, 2900, 1745, True, None),
    (3, "the rectory cedar", "Cedar of Lebanon", "Little Marl", 688, 2400, 1745, True, None),
    (4, "Gallows Elm", "Wych elm", "St Anne's", 430, None, 1810, True, None),
    (5, "Two Sisters", "Wych elm", "St Anne's", 455, 2150, None, True, None),
    (6, "Jubilee Oak", "Pedunculate oak", "Ashby", 310, 1520, 1897, True, 1),
    (7, "Icehouse Yew", "Yew", "Little Marl", 701, 1330, None, False, 1),
    (8, "Home Farm Oak", "Pedunculate oak", "Ashby", 845, 1600, 1620, False, 2),
    (9, "Black_Post Thorn", "Hawthorn", "Marl 50% Common", 188, 610, 1902, True, None),
)


def add_demo_register() -> None:
    """Store landowners and trees in an empty database."""
    db.session.add(Landowner(id=1, name="E. Thorne", phone="01632 960114"))
    db.session.add(Landowner(id=2, name="The Misses Cope", phone="01632 960377"))
    for number, name, species, parish, girth_cm, height_cm, planted_year, published, landowner_id in TREES:
        db.session.add(
            Tree(
                number=number,
                name=name,
                species=species,
                parish=parish,
                girth_cm=girth_cm,
                height_cm=height_cm,
                planted_year=planted_year,
                published=published,
                landowner_id=landowner_id,
            )
        )
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo register."""
        db.drop_all()
        db.create_all()
        add_demo_register()
        click.echo(f"The register has {len(TREES)} trees.")
