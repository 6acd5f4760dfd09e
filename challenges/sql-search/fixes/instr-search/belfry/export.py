"""`/bells.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from belfry.bells import shown
from belfry.search import Search

bp = Blueprint("export", __name__)

HEADINGS = ("number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year")


@bp.get("/bells.csv")
def export_bells() -> ResponseReturnValue:
    """Export the bells that are searched for."""
    lines = io.StringIO()
    sheet = csv.DictWriter(lines, HEADINGS)
    sheet.writeheader()
    sheet.writerows(map(shown, Search.asked(request.args).bells()))
    return Response(
        lines.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=bells.csv"}
    )
