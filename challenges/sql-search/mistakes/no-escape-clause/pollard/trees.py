"""`/trees`: the register's search, and a page for each tree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from pollard import search, sql
from pollard.errors import ApiError
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("trees", __name__, url_prefix="/trees")


def rows(statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """What one of the statements in `sql` finds, as it is shown."""
    return [dict(row) for row in db.session.execute(text(statement), parameters).mappings()]


def published_or_404(number: int) -> Tree:
    """The tree with this number. Raises ApiError 404 when there is none, or none for the public."""
    tree = db.session.scalar(select(Tree).where(Tree.number == number, Tree.published))
    if tree is None:
        raise ApiError(404, "tree_not_found", f"There is no tree {number}.")
    return tree


@bp.get("")
def list_trees() -> ResponseReturnValue:
    """List the trees that are searched for, page by page."""
    args = request.args
    order = search.order(args, sql.TREES_BY, "number")
    size = search.up_to(100, args, "page_size", 20)
    skipped = (search.up_to(100_000, args, "page", 1) - 1) * size
    patterns = search.filters(args)
    total = db.session.scalar(text(sql.COUNT), patterns)
    return {"trees": rows(sql.PAGES[order], size=size, skipped=skipped, **patterns), "total": total}


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
    return {"trees": rows(sql.ALIKE, species=tree.species, parish=tree.parish, number=number)}
