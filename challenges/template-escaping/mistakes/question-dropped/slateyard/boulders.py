"""Boulders: the list with its search, a page and a label for each."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from slateyard import forms
from slateyard.extensions import db
from slateyard.models import Ascent, Boulder, Climber, Note

bp = Blueprint("boulders", __name__)


@bp.get("/")
def list_boulders() -> ResponseReturnValue:
    """Boulders by name; `?q=` and `?wall=` narrow the list."""
    q = request.args.get("q", "").strip()
    wall = request.args.get("wall", "")
    query = select(Boulder).order_by(Boulder.name, Boulder.id)
    if q:
        query = query.where(Boulder.name.icontains(q, autoescape=True))
    if wall:
        query = query.where(Boulder.wall == wall)
    boulders = db.session.scalars(query).all()
    return render_template(
        "boulders.html",
        q=q,
        wall=wall,
        boulders=boulders,
        walls=db.session.scalars(select(Boulder.wall).distinct().order_by(Boulder.wall)).all(),
        climbers=db.session.scalars(select(Climber).order_by(Climber.name, Climber.id)).all(),
        suggestions=[{"id": boulder.id, "name": boulder.name} for boulder in boulders],
    )


@bp.post("/boulders")
def create_boulder() -> ResponseReturnValue:
    boulder = Boulder(
        name=forms.line("name", 120),
        grade=forms.line("grade", 8),
        wall=forms.line("wall", 120),
        setter=forms.climber("setter"),
        set_on=date.today(),
    )
    db.session.add(boulder)
    db.session.commit()
    return redirect(url_for("boulders.show_boulder", boulder_id=boulder.id), 303)


@bp.get("/boulders/<int:boulder_id>")
def show_boulder(boulder_id: int) -> ResponseReturnValue:
    boulder = db.get_or_404(
        Boulder,
        boulder_id,
        options=[
            selectinload(Boulder.notes).joinedload(Note.climber),
            selectinload(Boulder.ascents).joinedload(Ascent.climber),
        ],
    )
    chart = {
        "boulder": boulder.name,
        "ascents": [{"climber": ascent.climber.name, "tries": ascent.tries} for ascent in boulder.ascents],
    }
    return render_template(
        "boulder.html",
        boulder=boulder,
        chart=chart,
        climbers=db.session.scalars(select(Climber).order_by(Climber.name, Climber.id)).all(),
    )


@bp.get("/boulders/<int:boulder_id>/label.txt")
def show_label(boulder_id: int) -> ResponseReturnValue:
    """What the printer of labels gets."""
    boulder = db.get_or_404(Boulder, boulder_id)
    return Response(render_template("label.txt", boulder=boulder), mimetype="text/plain")


@bp.post("/boulders/<int:boulder_id>/ascents")
def create_ascent(boulder_id: int) -> ResponseReturnValue:
    boulder = db.get_or_404(Boulder, boulder_id)
    boulder.ascents.append(Ascent(climber=forms.climber("climber"), tries=forms.number("tries", 1, 999)))
    db.session.commit()
    return redirect(url_for("boulders.show_boulder", boulder_id=boulder_id), 303)
