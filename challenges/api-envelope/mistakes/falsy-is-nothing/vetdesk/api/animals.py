"""Animals and who looks after them."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from sqlalchemy import select

from vetdesk.extensions import db
from vetdesk.models import Animal, Vet
from vetdesk.serializers import animal_json, vet_json

bp = Blueprint("animals", __name__)


@bp.get("/vets")
def list_vets() -> Any:
    """All vets by name."""
    vets = db.session.scalars(select(Vet).order_by(Vet.name))
    return [vet_json(vet) for vet in vets], {"Cache-Control": "public, max-age=3600"}


@bp.get("/animals")
def list_animals() -> Any:
    """All animals by name, of one species if asked."""
    query = select(Animal).order_by(Animal.name, Animal.id)
    if "species" in request.args:
        query = query.where(Animal.species == request.args["species"])
    return [animal_json(animal) for animal in db.session.scalars(query)]


@bp.get("/animals/<int:animal_id>")
def show_animal(animal_id: int) -> Any:
    """One animal."""
    animal = db.session.get(Animal, animal_id)
    if animal is None:
        abort(404, f"There is no animal {animal_id}.")
    response: Response = jsonify(animal_json(animal))
    response.set_etag(f"animal-{animal.id}-{animal.version}")
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@bp.get("/chips/<chip>")
def find_by_chip(chip: str) -> Any:
    """Leads to the animal that has the chip."""
    animal = db.session.scalar(select(Animal).where(Animal.chip == chip))
    if animal is None:
        abort(404, f"There is no chip {chip}.")
    return redirect(url_for("api.animals.show_animal", animal_id=animal.id))
