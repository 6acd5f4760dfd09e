"""`/trees`: the register's search, and a page for each tree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, func, select

from pollard import arguments, search
from pollard.errors import ApiError
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("trees", __name__, url_prefix="/trees")


def rows(query: Select[Any]) -> list[dict[str, Any]]:
    """What a query finds, as it is shown."""
    return [dict(row) for row in db.session.execute(query).mappings()]


def published_or_404(number: int) -> Tree:
    """The tree with this number. Raises ApiError 404 when there is none, or none for the public."""
    tree = db.session.scalar(select(Tree).where(Tree.number == number, Tree.published))
    if tree is None:
        raise ApiError(404, "tree_not_found", f"There is no tree {number}.")
    return tree


@bp.get("")
def list_trees() -> ResponseReturnValue:
    """List the trees that are searched for, page by page."""
    page, size = arguments.number("page", 1, 100_000), arguments.number("page_size", 20, 100)
    wanted = search.wanted()
    found = rows(search.in_order(wanted).limit(size).offset((page - 1) * size))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery()))
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
    alike = search.shown().where(
        Tree.species.like(tree.species), Tree.parish.like(tree.parish), Tree.number != tree.number
    )
    return {"trees": rows(alike.order_by(Tree.girth_cm.desc(), Tree.number))}
