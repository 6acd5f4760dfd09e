"""What a fresh interpreter does only once is done here, before any candidate's code is there.

A tiny app of our own answers a few requests: libraries fill their caches, the interpreter specialises their bytecode.
Every fork of every test then finds that done, where each would otherwise do it again and copy the pages it writes to.
"""

from __future__ import annotations

import itertools
import sys

from flask import Flask, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from runner.inside.sharing import gather_code

#: How often each request is made: bytecode is specialised after a few calls.
_ROUNDS = 3


def warm_up() -> None:
    """Exercise Flask, Werkzeug, Flask-SQLAlchemy and SQLAlchemy's ORM on SQLite, and leave nothing behind."""

    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(model_class=Base)

    class Shelf(Base):
        __tablename__ = "mendbox_warm_shelf"
        id: Mapped[int] = mapped_column(primary_key=True)
        books: Mapped[list[Book]] = relationship(back_populates="shelf")

    class Book(Base):
        __tablename__ = "mendbox_warm_book"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(50), unique=True)
        shelf_id: Mapped[int | None] = mapped_column(ForeignKey("mendbox_warm_shelf.id"))
        shelf: Mapped[Shelf | None] = relationship(back_populates="books")

    # Annotations are resolved by the module's names when mappers are wired up.
    names = vars(sys.modules[__name__])
    names["Shelf"], names["Book"] = Shelf, Book

    app = Flask("mendbox-warm-up")
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", SECRET_KEY="warm")
    db.init_app(app)

    @app.get("/books/<int:book_id>")
    def one(book_id: int) -> ResponseReturnValue:
        book = db.session.get(Book, book_id)
        if book is None:
            abort(404)
        return jsonify(title=book.title, shelf=book.shelf.id if book.shelf else None)

    @app.get("/books")
    def many() -> ResponseReturnValue:
        books = db.session.scalars(select(Book).order_by(Book.title).limit(5))
        return jsonify([book.title for book in books])

    @app.post("/books")
    def add() -> ResponseReturnValue:
        book = Book(title=request.get_json()["title"], shelf=Shelf())
        db.session.add(book)
        db.session.commit()
        return jsonify(id=book.id), 201

    with app.app_context():
        db.create_all()
    client, numbers = app.test_client(), itertools.count()

    def exercise() -> None:
        client.post("/books", json={"title": f"title {next(numbers)}"})
        for path in ("/books/1", "/books/999", "/books?page=1", "/nowhere"):
            client.get(path)

    gather_code(exercise)
    for _ in range(_ROUNDS):
        exercise()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    Base.registry.dispose()
    del names["Shelf"], names["Book"]
