"""What everybody may read."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from kerbside.extensions import db
from kerbside.models import Zone

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    zones = db.session.scalars(select(Zone).order_by(Zone.letter)).all()
    return render_template("home.html", zones=zones, maps=current_app.config["MAP_SERVER"])
