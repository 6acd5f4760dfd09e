"""`/parishes`: the register in figures."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from pollard import search, sql
from pollard.trees import rows

bp = Blueprint("parishes", __name__)


@bp.get("/parishes")
def list_parishes() -> ResponseReturnValue:
    """List parishes with the number of their trees and the girth of the stoutest."""
    return {"parishes": rows(sql.PARISHES[search.order(request.args, sql.PARISHES_BY, "parish")])}
