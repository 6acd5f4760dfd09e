"""`/trees`: the register's search, and a page for each tree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pollard.errors import ApiError
from pollard.extensions import db
from pollard.models import Tree
from pollard.search import PAGE, PAGE_SIZE, Search

bp = Blueprint("trees", __name__, url_prefix="/trees")


def shown(tree: Tree) -> dict[str, Any]:
    """A tree as the public sees it."""
    line = {name: getattr(tree, name) for name in ("number", "name", "species", "parish", "girth_cm", "height_cm")}
    return line | {"year": tree.planted_year}


def published_or_404(number: int) -> Tree:
    """The tree with this number. Raises ApiError 404 when there is none, or none for the public."""
    tree = db.session.scalar(select(Tree).where(Tree.number == number, Tree.published))
    if tree is None:
        raise ApiError(404, "tree_not_found", f"There is no tree {number}.")
    return tree


@bp.get("")
def list_trees() -> ResponseReturnValue:
    """List the trees that are searched for, page by page."""
    asked = Search.asked(request.args)
    first, size = PAGE.of(request.args) - 1, PAGE_SIZE.of(request.args)
    page = asked.trees(lambda query: query.slice(first * size, (first + 1) * size))
    return {"trees": [shown(tree) for tree in page], "total": len(asked)}


@bp.get("/<int:number>")
def show_tree(number: int) -> ResponseReturnValue:
    """Show one tree."""
    return shown(published_or_404(number))


@bp.get("/<int:number>/alike")
def list_alike(number: int) -> ResponseReturnValue:
    """List the other trees of this species in this parish, the stoutest first."""
    tree = published_or_404(number)
    kin = db.session.query(Tree).filter_by(species=tree.species, parish=tree.parish, published=True).all()
    kin.remove(tree)
    return {"trees": [shown(each) for each in sorted(kin, key=lambda each: (-each.girth_cm, each.number))]}
