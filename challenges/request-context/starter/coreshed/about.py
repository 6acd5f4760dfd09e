"""Who is asking, and what the archive is."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from coreshed.context import current, visitor
from coreshed.extensions import db
from coreshed.models import Core
from coreshed.units import depth

bp = Blueprint("about", __name__)


@bp.get("/about")
def about() -> ResponseReturnValue:
    """For everybody: how much core the archive holds."""
    cores, total_mm = db.session.execute(select(func.count(), func.coalesce(func.sum(Core.bottom_mm), 0))).one()
    return {"cores": cores, "length": depth(total_mm)}


@bp.get("/me")
def me() -> ResponseReturnValue:
    person = visitor()
    return {"name": person.name, "company": person.company, "unit": current.unit}
