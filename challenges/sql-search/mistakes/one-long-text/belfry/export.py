"""`/bells.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from belfry import search
from belfry.extensions import db

bp = Blueprint("export", __name__)


@bp.get("/bells.csv")
def export_bells() -> ResponseReturnValue:
    """Export the bells that are searched for."""
    found = db.session.execute(search.in_order(search.wanted()))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(found.keys())
    writer.writerows(found)
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=bells.csv"}
    )
