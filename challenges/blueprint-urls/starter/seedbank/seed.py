"""`flask seed`: a small collection to look around in."""

from __future__ import annotations

import click
from flask import Flask

from seedbank.extensions import db
from seedbank.models import Accession, Box, OldAddress


def add_demo_collection() -> None:
    """Store the demo collection in empty tables."""
    upper, lower, first = Box(code="112", level=1), Box(code="204", level=-1), Box(code="007", level=0)
    rows = [
        ("wild", "1987-0412", "Saxifraga cespitosa", "Finnmark", 18, upper),
        ("wild", "54/112", "Allium fistulosum", "Altai", 7, lower),
        ("wild", "2003-0031", "Arnica montana", "Sogn & Fjordane", 25, upper),
        ("crops", "1987-0412", "Hordeum vulgare 'Domen'", "Trøndelag", 410, upper),
        ("crops", "61/9", "Brassica rapa 'Målselvnepe'", "Troms", 95, first),
        ("crops", "2015-0007", "Pisum sativum 'Jærert'", "Rogaland", 230, upper),
    ]
    for section, number, taxon, origin, grams, box in rows:
        db.session.add(
            Accession(section=section, number=number, taxon=taxon, origin=origin, grams=grams, box=box)
        )
        db.session.flush()
    saxifrage = db.session.get_one(Accession, 1)
    db.session.add(OldAddress(path="saxifraga.html", accession=saxifrage))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo collection."""
        db.drop_all()
        db.create_all()
        add_demo_collection()
        click.echo("The bank holds 6 accessions in 3 boxes.")
