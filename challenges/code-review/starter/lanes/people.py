"""Who is asking."""

from __future__ import annotations

from functools import wraps
from hmac import compare_digest

from flask import Blueprint, abort, g, jsonify, redirect, request, session
from sqlalchemy import select

from lanes.models import Family, db

blueprint = Blueprint("people", __name__)


def signed_in(view):
    """Only for families that send their token, or have come by the link in their mail."""

    @wraps(view)
    def guarded(*args, **kwargs):
        given = request.headers.get("X-Family-Token", "")
        family = db.session.scalar(select(Family).where(Family.token == given)) if given else None
        if family is None and "family" in session:
            family = db.session.get(Family, session["family"])
        if family is None:
            abort(401)
        g.family = family
        return view(*args, **kwargs)

    return guarded


@blueprint.get("/enter/<token>")
def enter(token: str):
    """The link in a mail: signs a family in and leads them to what they wanted to see."""
    family = db.session.scalar(select(Family).where(Family.token == token))
    if family is None or not compare_digest(family.token, token):
        abort(404)
    session["family"] = family.id
    return redirect(request.args.get("next", "/courses"))


@blueprint.get("/me")
@signed_in
def me():
    return jsonify(name=g.family.name, email=g.family.email)
