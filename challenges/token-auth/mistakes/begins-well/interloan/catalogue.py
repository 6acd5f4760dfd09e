"""`/copies`: what the libraries have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from interloan import payloads
from interloan.auth import requires
from interloan.errors import ApiError
from interloan.extensions import db
from interloan.models import Copy

bp = Blueprint("catalogue", __name__, url_prefix="/copies")


def copy_json(copy: Copy) -> dict[str, Any]:
    return {
        "id": copy.id,
        "library": copy.library.code,
        "title": copy.title,
        "author": copy.author,
        "shelfmark": copy.shelfmark,
    }


@bp.get("")
@requires("reader")
def search_copies() -> ResponseReturnValue:
    """Search the copies of all libraries."""
    query = select(Copy).order_by(Copy.title, Copy.id)
    if wanted := request.args.get("q", "").strip():
        query = query.where(
            or_(Copy.title.icontains(wanted, autoescape=True), Copy.author.icontains(wanted, autoescape=True))
        )
    return {"copies": [copy_json(copy) for copy in db.session.scalars(query)]}


@bp.post("")
@requires("desk")
def add_copy() -> ResponseReturnValue:
    """Add a copy to the own library."""
    body = payloads.json_object()
    copy = Copy(
        library=g.token.library,
        title=payloads.text(body, "title", 120),
        author=payloads.text(body, "author", 80),
        shelfmark=payloads.text(body, "shelfmark", 20),
    )
    db.session.add(copy)
    db.session.commit()
    return copy_json(copy), 201


@bp.get("/<int:number>")
@requires("reader")
def show_copy(number: int) -> ResponseReturnValue:
    """Show a copy."""
    copy = db.session.get(Copy, number)
    if copy is None:
        raise ApiError(404, "copy_not_found", f"There is no copy {number}.")
    return copy_json(copy)
