"""`flask seed`: a small register to develop against."""

from __future__ import annotations

from datetime import date

import click
from flask import Flask

from weavers.extensions import db
from weavers.models import Case, Exhibition, Item, Keyword, Label, Lender, Photo, Report


def add_demo_register() -> None:
    """Store five objects, three of them lent, and two exhibitions in an empty database."""
    mill, moss = Lender(name="Garside Mill Trust"), Lender(name="Ada Moss")
    north, south = Case(code="N1", room="North gallery"), Case(code="S4", room="South gallery")
    silk, jacquard, sampler = (Keyword(word=word) for word in ("silk", "jacquard", "sampler"))

    shawl = Item(number="1931.7", title="Paisley shawl", case=north, keywords=[silk, jacquard])
    shawl.photos = [Photo(filename="1931-7-front.tif"), Photo(filename="1931-7-fringe.tif", caption="The fringe")]
    ribbon = Item(number="1950.2", title="Pattern book of a ribbon weaver", keywords=[silk])
    loom = Item(number="L.12", title="Hand loom", lender=mill, case=south)
    needle = Item(number="L.13", title="Sampler of Mary Ogden, aged nine", lender=moss, case=south, keywords=[sampler])
    cards = Item(number="L.14", title="Punched cards", lender=mill, keywords=[jacquard])
    db.session.add_all([shawl, ribbon, loom, needle, cards])

    patterns = Exhibition(title="Patterns", opens=date(2026, 3, 1), closes=date(2026, 10, 31))
    children = Exhibition(title="Children's hands", opens=date(2026, 11, 7), closes=date(2027, 5, 2))
    db.session.add_all([patterns, children])
    db.session.flush()
    db.session.add_all(
        Label(exhibition_id=exhibition.id, item_id=item.id, position=position, text=text)
        for exhibition, item, position, text in (
            (patterns, shawl, 1, "Woven in Norwich, for a wedding."),
            (patterns, ribbon, 2, "Each ribbon has a number, and a price."),
            (patterns, cards, 3, "A thousand cards for one rose."),
            (children, needle, 1, "She signed it with her age."),
            (children, loom, 2, "The child stood here."),
        )
    )
    db.session.add_all(
        Report(item_id=item.id, written_on=day, text=text)
        for item, day, text in (
            (shawl, date(2024, 5, 6), "Moth in one corner, treated."),
            (shawl, date(2026, 2, 3), "No moth."),
            (cards, date(2025, 9, 9), "Three cards torn."),
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
        click.echo("The register holds 5 objects and 2 exhibitions.")
