"""`flask seed`: some libraries to develop against."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask
from sqlalchemy import select

from interloan.extensions import db
from interloan.models import Copy, Library, Loan, Token


def add_demo_libraries() -> None:
    """Store three libraries, five tokens, six copies and three loans in an empty database."""
    office = Library(id=1, code="OFFICE", name="County Library Office")
    fen = Library(id=2, code="FEN", name="Fenwick Library")
    moor = Library(id=3, code="MOOR", name="Moorside Library")
    db.session.add_all([office, fen, moor])

    def token(key: str, secret: str, label: str, role: str, library: Library, until: datetime | None = None) -> None:
        db.session.add(Token(key=key, secret=secret, label=label, role=role, library=library, expires_at=until))

    token("office1", "0f6f1c2e3a", "Office", "office", office)
    token("fendesk", "5d41402abc", "Desk in Fenwick", "desk", fen)
    token("fenread", "7d793037a0", "Search station in Fenwick", "reader", fen)
    token("moordesk", "2b00042f7b", "Desk in Moorside", "desk", moor)
    token("moorold", "9e107d9d37", "Old desk in Moorside", "desk", moor, datetime(2025, 1, 1))

    books = [
        ("The Lighthouse Keepers", "A. Marlowe", fen),
        ("A History of Salt", "P. Quint", fen),
        ("Knots and Splices", "O. Brandt", fen),
        ("Birds of the Moor", "S. Ferris", moor),
        ("The Clockmaker's Atlas", "I. Vane", moor),
        ("Bread", "L. Oduya", moor),
    ]
    copies = [
        Copy(id=number, title=title, author=author, library=library, shelfmark=f"{author[0]}{number:03}")
        for number, (title, author, library) in enumerate(books, 1)
    ]
    db.session.add_all(copies)
    db.session.add(Loan(id=1, copy=copies[0], borrower=moor, reader="M-2201"))
    db.session.add(Loan(id=2, copy=copies[4], borrower=fen, reader="F-0417", state="sent"))
    db.session.add(Loan(id=3, copy=copies[5], borrower=fen, reader="F-1130"))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo libraries."""
        db.drop_all()
        db.create_all()
        add_demo_libraries()
        for token in db.session.scalars(select(Token).order_by(Token.id)):
            until = f", until {token.expires_at:%Y-%m-%d}" if token.expires_at else ""
            click.echo(f"{token.key}.{token.secret}  {token.role}, {token.library.name}{until}")
