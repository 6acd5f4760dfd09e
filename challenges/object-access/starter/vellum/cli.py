"""`flask seed`: a small bureau to develop against."""

from __future__ import annotations

from datetime import date

import click
from flask import Flask

from vellum.extensions import db
from vellum.models import Assignment, Document, Glossary, Note, User


def add_demo_bureau() -> None:
    """Store the demo bureau in an empty database."""
    quay = User(id=1, login="quay", name="Quay Shipping", role="client")
    mill = User(id=2, login="mill", name="Mill Lane Foods", role="client")
    ines = User(id=3, login="ines", name="Ines Prado", role="translator")
    odd = User(id=4, login="odd", name="Odd Berg", role="translator")
    ward = User(id=5, login="ward", name="Harriet Ward", role="manager")
    ships = Glossary(id=1, owner=quay, name="Ships", terms={"Ladung": "cargo", "Reeder": "shipowner"})
    recipes = Glossary(id=2, owner=mill, name="Recipes", terms={"harina de fuerza": "strong flour"})
    db.session.add_all([quay, mill, ines, odd, ward, ships, recipes])

    def document(number: int, owner: User, reference: str, title: str, pair: str, **more: object) -> Document:
        made = Document(id=number, owner=owner, reference=reference, title=title, source=pair[:2], target=pair[3:])
        made.text = f"{title}: the whole of the text."
        made.words = len(made.text.split())
        made.state = "new"
        for field, value in more.items():
            setattr(made, field, value)
        db.session.add(made)
        return made

    charter = document(1, quay, "Q-1", "Charter party", "de-en", glossary=ships, state="in work")
    charter.due_on = date(2026, 4, 30)
    charter.assignments = [Assignment(translator=ines, state="open")]
    charter.notes = [
        Note(author=quay, text="Please keep the clause numbers."),
        Note(author=ines, text="Clause 9 makes no sense, ask before we deliver.", internal=True),
    ]
    crew = document(2, quay, "Q-2", "Crew list", "de-en", state="in work")
    crew.assignments = [Assignment(translator=ines, state="withdrawn"), Assignment(translator=odd, state="open")]
    document(3, mill, "bread", "Bread for the new season", "es-en", glossary=recipes)
    labels = document(4, mill, "labels", "Labels", "es-en", state="translated", translation="Best before.")
    labels.assignments = [Assignment(translator=ines, state="done")]
    labels.notes = [Note(author=mill, text="Four languages next year?")]
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo bureau."""
        db.drop_all()
        db.create_all()
        add_demo_bureau()
        click.echo("The bureau holds 4 documents of 2 clients.")
