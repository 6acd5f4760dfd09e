"""`/api`: the catalogue for other seed banks' programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from seedbank.extensions import db
from seedbank.models import NUMBER, Accession, Box
from seedbank.sections import SECTIONS

bp = Blueprint("api", __name__, url_prefix="/api")

PAGE = 10


def shown(accession: Accession) -> dict[str, Any]:
    """An accession as JSON. `self` is its address here, `page` the one for people."""
    return {
        "id": accession.id,
        "section": accession.section,
        "number": accession.number,
        "taxon": accession.taxon,
        "origin": accession.origin,
        "grams": accession.grams,
        "self": url_for(".show_accession", accession_id=accession.id),
        "page": url_for(f"{accession.section}.show", number=accession.number),
    }


@bp.get("/accessions")
def list_accessions() -> ResponseReturnValue:
    """Ten accessions after the one with the id `after`; `next` is where the next ten are."""
    after, section = request.args.get("after", 0, int), request.args.get("section")
    query = select(Accession).where(Accession.id > after).order_by(Accession.id).limit(PAGE + 1)
    if section is not None:
        query = query.where(Accession.section == section)
    found = db.session.scalars(query).all()
    following = None
    if len(found) > PAGE:
        following = url_for(".list_accessions", after=found[PAGE - 1].id, section=section)
    return {"accessions": [shown(accession) for accession in found[:PAGE]], "next": following}


@bp.get("/accessions/<int:accession_id>")
def show_accession(accession_id: int) -> ResponseReturnValue:
    return shown(db.get_or_404(Accession, accession_id, description=f"There is no accession with id {accession_id}."))


@bp.post("/accessions")
def create_accession() -> ResponseReturnValue:
    """Called by the machine that weighs and packs."""
    body = request.get_json()
    texts = ("section", "number", "taxon", "origin", "box")
    if not isinstance(body, dict) or not all(isinstance(body.get(key), str) and body[key] for key in texts):
        abort(400, f"Send a JSON object with the texts {', '.join(texts)}.")
    if body["section"] not in SECTIONS or not NUMBER.fullmatch(body["number"]):
        abort(400, "There is no such section, or no such kind of number.")
    if type(body.get("grams")) is not int or body["grams"] < 1:
        abort(400, "grams is a whole number above 0.")
    box = db.session.scalar(select(Box).where(Box.code == body["box"]))
    if box is None:
        abort(400, f"There is no box {body['box']}.")
    fields = {key: body[key] for key in ("section", "number", "taxon", "origin", "grams")}
    accession = Accession(**fields, box=box)
    db.session.add(accession)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409, f"{body['section']} has an accession {body['number']} already.")
    return shown(accession), 201, {"Location": url_for(".show_accession", accession_id=accession.id)}
