"""Signing in and out."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from skerry.extensions import db
from skerry.layout import render_page
from skerry.models import Listener

bp = Blueprint("listeners", __name__)


@bp.get("/login")
def login() -> ResponseReturnValue:
    return render_page("login.html")


@bp.post("/login")
def sign_in() -> ResponseReturnValue:
    member, pin = request.form.get("member", ""), request.form.get("pin", "")
    number = int(member) if member.isascii() and member.isdigit() and len(member) < 10 else 0
    listener = db.session.get(Listener, number)
    if listener is None or not secrets.compare_digest(listener.pin.encode(), pin.encode()):
        flash("Nobody has this member number and PIN.")
        return render_page("login.html"), 400
    session["listener_id"] = listener.id
    flash(f"Welcome back, {listener.name}.")
    return redirect(url_for("pages.home"), 303)


@bp.post("/logout")
def sign_out() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("pages.home"), 303)
