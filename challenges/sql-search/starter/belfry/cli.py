"""`flask seed`: a small register to develop against."""

from __future__ import annotations

import click
from flask import Flask

from belfry.extensions import db
from belfry.models import Bell, Owner

#: Number, name, founder, tower, diameter in mm, weight in kg, year of casting, published, owner.
BELLS = (
    (1, "Great Agnes", "Hale & Sons", "Ashby Minster", 1524, 2105, 1897, True, None),
    (2, "Curfew Bell", "Thomas Hale", "Ashby Minster", 1098, 745, 1702, True, None),
    (3, "the curfew of Marl", "Widow Tapsell", "Little Marl", 876, None, 1702, True, None),
    (4, "Gallows Bell", "Widow Tapsell", "St Anne's", 702, None, 1711, True, None),
    (5, "Pancake Bell", "Widow Tapsell", "St Anne's", 755, 268, None, True, None),
    (6, "Old Treble", "Hale & Sons", "Ashby Minster", 668, 198, 1897, True, 1),
    (7, "Stable Bell", "Gervase of Lenn", "Little Marl", 521, 92, None, False, 1),
    (8, "Prior's Sanctus", "Gervase of Lenn", "Marl Priory", 934, 455, None, False, 2),
    (9, "Old_Tom", "Gervase of Lenn", "Marl Priory", 812, 327, 1460, True, None),
    (10, "The 30% Bell", "Hale & Sons", "Little Marl", 590, None, 1931, True, None),
)


def add_demo_register() -> None:
    """Store owners and bells in an empty database."""
    db.session.add(Owner(id=1, name="E. Thorne", phone="01632 960114"))
    db.session.add(Owner(id=2, name="The Misses Cope", phone="01632 960377"))
    for number, name, founder, tower, diameter_mm, weight_kg, cast_year, published, owner_id in BELLS:
        db.session.add(
            Bell(
                number=number,
                name=name,
                founder=founder,
                tower=tower,
                diameter_mm=diameter_mm,
                weight_kg=weight_kg,
                cast_year=cast_year,
                published=published,
                owner_id=owner_id,
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
        click.echo(f"The register has {len(BELLS)} bells.")
