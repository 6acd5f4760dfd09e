"""Pages for visitors."""

from flask import Blueprint, Flask, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from vetdesk.extensions import db
from vetdesk.models import Vet

bp = Blueprint("website", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Who is in."""
    vets = db.session.scalars(select(Vet).order_by(Vet.name)).all()
    return render_template("home.html", vets=vets)


@bp.get("/vets/<code>")
def show_vet(code: str) -> ResponseReturnValue:
    """A vet's page."""
    vet = db.session.scalar(select(Vet).where(Vet.code == code))
    if vet is None:
        abort(404)
    return render_template("vet.html", vet=vet)


@bp.get("/api-guide")
def api_guide() -> ResponseReturnValue:
    """A page for those who write programs."""
    return render_template("api_guide.html")


def register(app: Flask) -> None:
    """Add the pages to `app`."""
    app.register_blueprint(bp)
    app.context_processor(lambda: {"clinic": current_app.config["CLINIC_NAME"]})
