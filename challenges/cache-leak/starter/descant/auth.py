"""Signing in and out, and who may see what."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from descant.extensions import db
from descant.models import Member
from descant.pages import show

bp = Blueprint("auth", __name__)
View = Callable[..., ResponseReturnValue]


def load() -> None:
    """Find out who is asking: a member who has not left, or a visitor."""
    number = session.get("member_id")
    asked = select(Member).where(Member.id == number, Member.role != "left")
    g.member = db.session.scalar(asked) if number else None


def members_only(view: View) -> View:
    """Send visitors to sign in."""

    @wraps(view)
    def wrapper(**arguments: Any) -> ResponseReturnValue:
        return view(**arguments) if g.member else redirect(url_for("auth.login"))

    return wrapper


def committee_only(view: View) -> View:
    """Refuse members who are not on the committee, and send visitors to sign in."""

    @wraps(view)
    def wrapper(**arguments: Any) -> ResponseReturnValue:
        if g.member.role != "committee":
            abort(403, "This is for the committee.")
        return view(**arguments)

    return members_only(wrapper)


@bp.get("/login")
def login() -> ResponseReturnValue:
    return show("login.html")


@bp.post("/login")
def sign_in() -> ResponseReturnValue:
    number, pin = request.form.get("member", type=int), request.form.get("pin", "")
    member = db.session.get(Member, number) if number else None
    if member is None or member.role == "left" or not secrets.compare_digest(member.pin.encode(), pin.encode()):
        abort(400, "Nobody has this number and PIN.")
    session.clear()
    session["member_id"] = member.id
    session.permanent = True
    return redirect(url_for("rehearsals.listed"), 303)


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    if g.member:
        session.clear()
        flash(f"Goodbye, {g.member.name}.")
    return redirect(url_for("concerts.listed"), 303)
