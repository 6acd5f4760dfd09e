"""`flask seed`: a few parts to develop against."""

from datetime import date, datetime

import click
from flask import Flask

from stockroom.extensions import db
from stockroom.models import Movement, Part, Supplier

SUPPLIERS = [("KUG", "Kugler", "Graz"), ("NOV", "Novaseal", "Tampere"), ("KUL", "Kugler", "Lyon")]

PARTS = [
    ("HX-3107", "Ball bearing 6204", "Bearings", "A-01", 12, date(2026, 3, 2), 0),
    ("HX-3099", "Ball bearing 6204", "Bearings", "A-02", 4, date(2026, 3, 2), 2),
    ("HX-3120", "Needle bearing 25", "Bearings", "A-03", 0, date(2026, 6, 8), 0),
    ("HX-2210", "Shaft seal 40", "Seals & gaskets", "B-01", 30, date(2026, 3, 2), 1),
    ("HX-2204", "O-ring 12", "Seals & gaskets", "B-02", 250, date(2026, 6, 8), 1),
    ("HX-2251", "O-ring 12", "Seals & gaskets", "B-03", 12, date(2026, 6, 8), 2),
    ("HX-2260", "Flat gasket", "Seals & gaskets", "B-04", 4, date(2026, 3, 2), 1),
    ("HX-5001", "Pump 12 V", "Pumps", "C-01", 4, date(2026, 6, 8), 0),
    ("HX-5002", "Pump 24 V", "Pumps", "C-02", 2, date(2026, 6, 8), 0),
    ("HX-5010", "Impeller", "Pumps", "C-03", 12, date(2026, 3, 2), 2),
]

MOVEMENTS = [
    ("HX-2204", "in", 300, "order 1182", datetime(2026, 6, 1, 9, 30)),
    ("HX-2204", "out", 50, "", datetime(2026, 6, 3, 14, 5)),
    ("HX-3107", "in", 12, "order 1177", datetime(2026, 5, 28, 8, 0)),
]


def add_demo_stock() -> None:
    """Store the demo stock in an empty database."""
    suppliers = [Supplier(code=code, name=name, town=town) for code, name, town in SUPPLIERS]
    parts = {
        number: Part(
            number=number,
            name=name,
            category=category,
            bin=place,
            quantity=quantity,
            counted_on=day,
            supplier=suppliers[supplier],
        )
        for number, name, category, place, quantity, day, supplier in PARTS
    }
    db.session.add_all([*suppliers, *parts.values()])
    db.session.flush()
    for number, kind, quantity, note, at in MOVEMENTS:
        db.session.add(Movement(part_id=parts[number].id, kind=kind, quantity=quantity, note=note, at=at))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo stock."""
        db.drop_all()
        db.create_all()
        add_demo_stock()
        click.echo(f"The stockroom holds {len(PARTS)} parts.")
