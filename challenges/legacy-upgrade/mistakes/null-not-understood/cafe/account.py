"""Visitors sign in to see what became of their things."""

from flask import Blueprint, abort, jsonify, redirect, request, session, url_for
from werkzeug.security import generate_password_hash

from cafe import passwords
from cafe.database import Session
from cafe.items import shown
from cafe.models import Visitor

blueprint = Blueprint("account", __name__)


@blueprint.route("/login", methods=["POST"])
def log_in():
    visitor = Session.query(Visitor).filter_by(email=request.form.get("email", "")).first()
    if visitor is None or not passwords.matches(visitor.password, request.form.get("password", "")):
        abort(403)
    session["visitor"] = visitor.id
    return redirect(url_for("account.me", _external=True))


@blueprint.route("/me")
def me():
    visitor = Session.get(Visitor, session.get("visitor", 0))
    if visitor is None:
        abort(403)
    return jsonify(name=visitor.name, email=visitor.email, items=[shown(item) for item in visitor.items])


@blueprint.route("/me/password", methods=["POST"])
def change_password():
    visitor = Session.get(Visitor, session.get("visitor", 0))
    if visitor is None or len(request.form.get("password", "")) < 8:
        abort(403 if visitor is None else 400)
    visitor.password = generate_password_hash(request.form["password"])
    Session.commit()
    return redirect(url_for("account.me", _external=True))
