"""`/trees`: the register's search, and a page for each tree."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from pollard import search
from pollard.errors import ApiError
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("trees", __name__, url_prefix="/trees")


def rows(statement: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What a statement finds, as it is shown."""
    return [dict(row) for row in db.session.execute(text(statement), values).mappings()]


def up_to(most: int, parameter: str, usual: str) -> int:
    """A number in the query string."""
    value = request.args.get(parameter) or usual
    if re.fullmatch("[1-9][0-9]{0,5}", value) and int(value) <= most:
        return int(value)
    message = f"{parameter} can't be {value}."
    raise ApiError(400, "bad_parameter", message, parameter=parameter, value=value)


def published_or_404(number: int) -> Tree:
    """The tree with this number. Raises ApiError 404 when there is none, or none for the public."""
    tree = db.session.scalar(select(Tree).where(Tree.number == number, Tree.published))
    if tree is None:
        raise ApiError(404, "tree_not_found", f"There is no tree {number}.")
    return tree


@bp.get("")
def list_trees() -> ResponseReturnValue:
    """List the trees that are searched for, page by page."""
    wanted, values = search.conditions(request.args)
    page, size = up_to(100_000, "page", "1"), up_to(100, "page_size", "20")
    found = rows(
        f"SELECT {search.FIELDS} FROM trees WHERE {wanted} ORDER BY {search.order(request.args)}"
        f" LIMIT {size} OFFSET ({page} - 1) * {size}",
        values,
    )
    total = db.session.scalar(text(f"SELECT count(*) FROM trees WHERE {wanted}"), values)
    return {"trees": found, "total": total}


@bp.get("/<int:number>")
def show_tree(number: int) -> ResponseReturnValue:
    """Show one tree."""
    tree = published_or_404(number)
    return {
        "number": tree.number,
        "name": tree.name,
        "species": tree.species,
        "parish": tree.parish,
        "girth_cm": tree.girth_cm,
        "height_cm": tree.height_cm,
        "year": tree.planted_year,
    }


@bp.get("/<int:number>/alike")
def list_alike(number: int) -> ResponseReturnValue:
    """List the other trees of this species in this parish, the stoutest first."""
    tree = published_or_404(number)
    found = rows(
        f"SELECT {search.FIELDS} FROM trees"
        f" WHERE published = 1 AND species = '{tree.species}' AND parish = '{tree.parish}' AND number <> {number}"
        " ORDER BY girth_cm DESC, number"
    )
    return {"trees": found}
