"""Visitors sign in to see what became of their things."""

from __future__ import annotations

import hashlib
from hmac import compare_digest

from flask import Blueprint, Response, abort, jsonify, redirect, request, session as cookie, url_for
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from cafe.database import session
from cafe.items import shown
from cafe.models import Visitor

blueprint = Blueprint("account", __name__)


def _fits(password: str, stored: str) -> bool:
    """Whether it's the password; hashes of before 2018 are Werkzeug's old ones."""
    kind, salt, digest = stored.split("$", 2)
    if kind == "sha256":
        found = hashlib.sha256((salt + password).encode("utf-8"))
        return compare_digest(found.hexdigest(), digest)
    return check_password_hash(stored, password)


def _visitor() -> Visitor:
    return session().get(Visitor, cookie.get("visitor", 0)) or abort(403)


@blueprint.post("/login")
def log_in() -> Response:
    found = session().scalar(select(Visitor).where(Visitor.email == request.form.get("email", "")))
    if found is None or not _fits(request.form.get("password", ""), found.password):
        abort(403)
    cookie["visitor"] = found.id
    return redirect(url_for("account.me"))


@blueprint.get("/me")
def me() -> Response:
    visitor = _visitor()
    return jsonify(name=visitor.name, email=visitor.email, items=[shown(item) for item in visitor.items])


@blueprint.post("/me/password")
def change_password() -> Response:
    visitor = _visitor()
    password = request.form.get("password", "")
    if len(password) < 8:
        abort(400)
    visitor.password = generate_password_hash(password)
    session().commit()
    return redirect(url_for("account.me"))
