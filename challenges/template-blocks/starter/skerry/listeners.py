"""Signing in and out."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from skerry.extensions import db
from skerry.models import Listener

bp = Blueprint("listeners", __name__)


def current_listener() -> Listener | None:
    """Who is signed in."""
    number = session.get("listener_id")
    if number is None:
        return None
    return db.session.scalar(select(Listener).where(Listener.id == number))


@bp.get("/login")
def login() -> ResponseReturnValue:
    return render_template("login.html")


@bp.post("/login")
def sign_in() -> ResponseReturnValue:
    member, pin = request.form.get("member", ""), request.form.get("pin", "")
    number = int(member) if member.isascii() and member.isdigit() and len(member) < 10 else 0
    listener = db.session.get(Listener, number)
    if listener is None or not secrets.compare_digest(listener.pin.encode(), pin.encode()):
        flash("Nobody has this member number and PIN.")
        return render_template("login.html"), 400
    session["listener_id"] = listener.id
    flash(f"Welcome back, {listener.name}.")
    return redirect(url_for("pages.home"), 303)


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("pages.home"), 303)
