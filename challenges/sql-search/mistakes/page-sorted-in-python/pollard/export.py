"""`/trees.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from pollard import search
from pollard.extensions import db
from pollard.models import Tree

bp = Blueprint("export", __name__)


@bp.get("/trees.csv")
def export_trees() -> ResponseReturnValue:
    """Export the trees that are searched for."""
    found = [dict(row) for row in db.session.execute(search.wanted().order_by(Tree.number)).mappings()]
    written = io.StringIO()
    writer = csv.DictWriter(written, ("number", "name", "species", "parish", "girth_cm", "height_cm", "year"))
    writer.writeheader()
    writer.writerows(search.sorted_rows(found))
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=trees.csv"}
    )
