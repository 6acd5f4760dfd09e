"""`/bells.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from belfry import search, sql
from belfry.extensions import db

bp = Blueprint("export", __name__)

HEADINGS = ("number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year")


@bp.get("/bells.csv")
def export_bells() -> ResponseReturnValue:
    """Export the bells that are searched for."""
    statement = sql.LISTED[search.order(request.args, sql.BELLS_BY, "number")]
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADINGS)
    for row in db.session.execute(text(statement), search.filters(request.args)):
        writer.writerow(row)
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=bells.csv"}
    )
