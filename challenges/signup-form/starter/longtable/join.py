"""`/join`: the form by which a guest becomes a member."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from longtable.checks import first_fault
from longtable.choices import DIETS, find_evening, open_evenings
from longtable.days import today
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("join", __name__)


@bp.get("/join")
def form() -> ResponseReturnValue:
    fault = request.args.get("fault")
    return render_template("join.html", evenings=open_evenings(), diets=DIETS, fault=fault)


@bp.post("/join")
def submit() -> ResponseReturnValue:
    form = request.form
    if fault := first_fault(form):
        return redirect(url_for("join.form", fault=fault))
    if db.session.scalar(select(Member).where(Member.handle == form["handle"])):
        return redirect(url_for("join.form", fault="That table name is taken."))
    if db.session.scalar(select(Member).where(Member.email == form["email"])):
        return redirect(url_for("join.form", fault="That e-mail address belongs to a member."))

    member = Member(
        handle=form["handle"].strip(),
        name=form["name"].strip(),
        email=form["email"].strip(),
        born=date.fromisoformat(form["born"]),
        evening=find_evening(form["evening"]),
        guests=int(form["guests"]),
        diet=",".join(form.getlist("diet")),
        notes=form["notes"].strip(),
        pin_hash=generate_password_hash(form["pin"], current_app.config["PIN_HASH"]),
        joined_on=today(),
    )
    db.session.add(member)
    db.session.commit()
    return redirect(url_for("members.card", handle=member.handle), 303)
