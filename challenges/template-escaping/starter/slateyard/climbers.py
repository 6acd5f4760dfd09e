"""Those who climb here."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from slateyard import forms
from slateyard.extensions import db
from slateyard.models import Climber

bp = Blueprint("climbers", __name__, url_prefix="/climbers")


@bp.get("")
def list_climbers() -> ResponseReturnValue:
    climbers = db.session.scalars(select(Climber).order_by(Climber.name, Climber.id)).all()
    return render_template("climbers.html", climbers=climbers)


@bp.post("")
def create_climber() -> ResponseReturnValue:
    climber = Climber(name=forms.line("name", 120), website=forms.optional_line("website", 200))
    db.session.add(climber)
    db.session.commit()
    return redirect(url_for("climbers.show_climber", climber_id=climber.id), 303)


@bp.get("/<int:climber_id>")
def show_climber(climber_id: int) -> ResponseReturnValue:
    return render_template("climber.html", climber=db.get_or_404(Climber, climber_id))
