"""`/bells.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from belfry import search
from belfry.extensions import db
from belfry.models import Bell

bp = Blueprint("export", __name__)


@bp.get("/bells.csv")
def export_bells() -> ResponseReturnValue:
    """Export the bells that are searched for."""
    found = [dict(row) for row in db.session.execute(search.wanted().order_by(Bell.number)).mappings()]
    written = io.StringIO()
    writer = csv.DictWriter(written, ("number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year"))
    writer.writeheader()
    writer.writerows(search.sorted_rows(found))
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=bells.csv"}
    )
