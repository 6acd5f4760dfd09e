"""Races and their passings."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, request
from sqlalchemy import select

from regatta.broker import broker
from regatta.extensions import db
from regatta.models import Passing, Race
from regatta.wire import as_event

blueprint = Blueprint("races", __name__, url_prefix="/races")


def race_or_404(number: int) -> Race:
    return db.session.get(Race, number) or abort(404)


def _shown(passing: Passing) -> dict[str, Any]:
    return {"number": passing.number, "boat": passing.boat, "mark": passing.mark}


@blueprint.get("")
def list_races():
    found = db.session.scalars(select(Race).order_by(Race.number))
    return jsonify(races=[{"number": race.number, "name": race.name} for race in found])


@blueprint.get("/<int:number>/passings")
def list_passings(number: int):
    race = race_or_404(number)
    found = db.session.scalars(select(Passing).where(Passing.race_number == race.number).order_by(Passing.number))
    return jsonify(passings=[_shown(passing) for passing in found])


@blueprint.post("/<int:number>/passings")
def report(number: int):
    race = race_or_404(number)
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    said = {name: body.get(name) for name in ("boat", "mark")}
    if not all(isinstance(text, str) and text.strip() for text in said.values()):
        abort(400)
    passing = Passing(race_number=race.number, **said)
    with broker().storing():
        db.session.add(passing)
        db.session.commit()
        shown, event = _shown(passing), as_event(passing)
        broker().publish(number, shown["number"], event)
    return jsonify(shown), 201
