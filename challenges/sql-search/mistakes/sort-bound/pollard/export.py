"""`/trees.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from pollard import search, sql
from pollard.extensions import db

bp = Blueprint("export", __name__)

HEADINGS = ("number", "name", "species", "parish", "girth_cm", "height_cm", "year")


@bp.get("/trees.csv")
def export_trees() -> ResponseReturnValue:
    """Export the trees that are searched for."""
    sort, direction = search.order(request.args, sql.TREES_BY, "number")
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADINGS)
    for row in db.session.execute(text(sql.LISTED[direction]), {"sort": sort, **search.filters(request.args)}):
        writer.writerow(row)
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=trees.csv"}
    )
