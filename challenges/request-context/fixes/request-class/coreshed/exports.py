"""A core's log as a file."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coreshed.access import open_core
from coreshed.context import Visitor, this_request
from coreshed.extensions import db
from coreshed.models import Interval
from coreshed.units import depth

bp = Blueprint("exports", __name__)


@bp.get("/cores/<int:core_id>/log.csv")
def export_log(core_id: int) -> ResponseReturnValue:
    """The log, sent line by line: some holes have tens of thousands of intervals."""
    core = open_core(core_id, "exported")
    columns = select(Interval.top_mm, Interval.bottom_mm, Interval.rock)
    rows = db.session.execute(columns.where(Interval.core_id == core.id).order_by(Interval.top_mm)).all()
    request = this_request()
    lines = _lines(core.hole, rows, request.visitor, request.unit, request.id)
    return Response(lines, mimetype="text/csv")


def _lines(
    hole: str, rows: Sequence[tuple[int, int, str]], reader: Visitor, unit: str, request_id: str
) -> Iterator[str]:
    """Runs when the request is over, so it is handed all that it says."""
    yield f"hole,top,bottom,rock ({reader.company})\n"
    for top_mm, bottom_mm, rock in rows:
        yield f"{hole},{depth(top_mm, unit)},{depth(bottom_mm, unit)},{rock}\n"
    yield f"{len(rows)} intervals for {reader.name}, request {request_id}\n"
