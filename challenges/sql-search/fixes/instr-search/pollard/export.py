"""`/trees.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from pollard.search import Search
from pollard.trees import shown

bp = Blueprint("export", __name__)

HEADINGS = ("number", "name", "species", "parish", "girth_cm", "height_cm", "year")


@bp.get("/trees.csv")
def export_trees() -> ResponseReturnValue:
    """Export the trees that are searched for."""
    lines = io.StringIO()
    sheet = csv.DictWriter(lines, HEADINGS)
    sheet.writeheader()
    sheet.writerows(map(shown, Search.asked(request.args).trees()))
    return Response(
        lines.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=trees.csv"}
    )
