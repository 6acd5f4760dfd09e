"""`/bells.csv`: what the search finds, all of it, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from belfry import byhand
from belfry.extensions import db
from belfry.search import COLUMNS

bp = Blueprint("export", __name__)

HEADINGS = ("number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year")
STATEMENT = """
    SELECT number, name, founder, tower, diameter_mm, weight_kg, cast_year FROM bells
    WHERE published = 1 AND {filters}
    ORDER BY {column} IS NULL, {column} COLLATE NOCASE {direction}, number
"""


def _lines() -> list[tuple[Any, ...]]:
    """The export's lines, without the headings."""
    args = request.args
    filters = [
        "(name || char(10) || founder || char(10) || tower) LIKE {}".format(
            byhand.pattern(args.get("q", "").strip(), "%", "%")
        )
    ]
    filters += [
        "{0} LIKE {1}".format(name, byhand.pattern(args[name])) for name in ("founder", "tower") if args.get(name)
    ]
    statement = STATEMENT.format(
        filters=" AND ".join(filters),
        column=byhand.column(args, COLUMNS, "number"),
        direction=byhand.direction(args),
    )
    return [tuple(row) for row in db.session.execute(text(statement))]


@bp.get("/bells.csv")
def export_bells() -> ResponseReturnValue:
    """Export the bells that are searched for."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADINGS)
    writer.writerows(_lines())
    return Response(
        written.getvalue(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=bells.csv"}
    )
