"""Authors."""

from flask import abort
from flask.typing import ResponseReturnValue

from pressroom.api import bp, payload
from pressroom.catalogue import author_by_handle, authors
from pressroom.extensions import db
from pressroom.lookups import author_facts
from pressroom.models import Author
from pressroom.serializers import author_json


@bp.get("/authors")
def list_authors() -> ResponseReturnValue:
    """Everybody who writes for us, by name."""
    everybody = authors()
    facts = author_facts()
    return {"items": [author_json(author, facts) for author in everybody]}


@bp.post("/authors")
def create_author() -> ResponseReturnValue:
    """Add an author."""
    body = payload.json_object()
    author = Author(handle=payload.text(body, "handle"), name=payload.text(body, "name"))
    if author_by_handle(author.handle) is not None:
        abort(409, "another author has this handle")
    db.session.add(author)
    db.session.commit()
    return author_json(author, author_facts()), 201


@bp.patch("/authors/<handle>")
def rename_author(handle: str) -> ResponseReturnValue:
    """Change an author's name."""
    author = author_by_handle(handle) or abort(404, "there is no such author")
    author.name = payload.text(payload.json_object(), "name")
    db.session.commit()
    return author_json(author, author_facts())
