"""Trees and the visits to them."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from treereg.extensions import db
from treereg.models import STATES, Species, Tree, Visit

blueprint = Blueprint("trees", __name__, url_prefix="/trees")


@blueprint.get("")
def all_trees() -> ResponseReturnValue:
    trees = select(Tree).order_by(Tree.number).options(joinedload(Tree.species), selectinload(Tree.visits))
    if parish := request.args.get("parish"):
        trees = trees.where(Tree.parish == parish)
    return jsonify(trees=[summary(tree) for tree in db.session.scalars(trees)])


@blueprint.get("/<number>")
def one_tree(number: str) -> ResponseReturnValue:
    tree = tree_of(number)
    visits = [{"visited_on": visit.visited_on.isoformat(), "warden": visit.warden, "state": visit.state} for visit in tree.visits]
    return jsonify({**summary(tree), "visits": visits})


@blueprint.post("")
def add_tree() -> ResponseReturnValue:
    given = request.get_json()
    tree = Tree(number=given["number"], parish=given["parish"], place=given["place"], girth_cm=given.get("girth_cm"))
    if name := (given.get("species") or "").strip():
        known = select(Species).where(func.lower(Species.name) == name.lower())
        tree.species = db.session.scalar(known) or Species(name=name)
    db.session.add(tree)
    db.session.commit()
    return jsonify(summary(tree)), 201


@blueprint.post("/<number>/visits")
def add_visit(number: str) -> ResponseReturnValue:
    given = request.get_json()
    if given.get("state") not in (None, *STATES):
        abort(400)
    day = date.fromisoformat(given["visited_on"])
    visit = Visit(tree=tree_of(number), visited_on=day, warden=given["warden"], state=given.get("state"))
    db.session.add(visit)
    db.session.commit()
    return jsonify(summary(visit.tree)), 201


def tree_of(number: str) -> Tree:
    return db.first_or_404(select(Tree).where(Tree.number == number))


def summary(tree: Tree) -> dict[str, Any]:
    """`state` is that of the latest visit at which the warden judged."""
    return {
        "number": tree.number,
        "parish": tree.parish,
        "place": tree.place,
        "species": tree.species.name if tree.species else None,
        "girth_cm": tree.girth_cm,
        "state": next((visit.state for visit in tree.visits if visit.state), None),
    }
