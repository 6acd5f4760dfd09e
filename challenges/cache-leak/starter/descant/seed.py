"""`flask seed`: a small choir to develop against."""

from datetime import date, datetime

import click
from flask import Flask

from descant.extensions import db
from descant.models import Answer, Concert, Member, Notice, Piece, Rehearsal


def add_demo_choir() -> None:
    """Store three members, two concerts and two rehearsals in an empty database."""
    for number, (name, voice) in enumerate((("Ada Brook", "alto"), ("Bela Lind", "tenor"), ("Cato Moor", "bass")), 1):
        role = "committee" if number == 3 else "singer"
        db.session.add(
            Member(name=name, voice=voice, phone=f"0555 {number}", pin=f"{number}" * 4, role=role, paid=False)
        )
    pieces = [Piece(title="Locus iste", composer="Bruckner"), Piece(title="Ubi caritas", composer="Duruflé")]
    spring = Concert(title="Spring", venue="St Anne", day=date(2027, 4, 18), pieces=pieces)
    autumn = Concert(title="Autumn", venue="Old Mill", day=date(2027, 11, 7), pieces=pieces[:1])
    db.session.add_all([spring, autumn, Notice(text="Bring a pencil.", author_id=3)])
    for day in (4, 11):
        db.session.add(Rehearsal(starts_at=datetime(2027, 3, day, 19, 30), place="School hall", concert=spring))
    db.session.flush()
    db.session.add(Answer(rehearsal_id=1, member_id=1, coming=True))
    db.session.commit()


def init_app(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo choir."""
        db.drop_all()
        db.create_all()
        add_demo_choir()
        click.echo("The choir has 3 members.")
