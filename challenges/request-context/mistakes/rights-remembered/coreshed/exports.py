"""A core's log as a file."""

from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coreshed.access import open_core
from coreshed.context import current, visitor
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
    return Response(stream_with_context(_lines(core.hole, rows)), mimetype="text/csv")


def _lines(hole: str, rows: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    yield f"hole,top,bottom,rock ({visitor().company})\n"
    for top_mm, bottom_mm, rock in rows:
        yield f"{hole},{depth(top_mm)},{depth(bottom_mm)},{rock}\n"
    yield f"{len(rows)} intervals for {visitor().name}, request {current.request_id}\n"
