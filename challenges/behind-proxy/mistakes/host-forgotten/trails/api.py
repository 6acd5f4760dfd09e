"""`/api`: for the app on phones."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from trails import reporting, visitors
from trails.links import full
from trails.models import Report

bp = Blueprint("api", __name__, url_prefix="/api")


def shown(report: Report) -> dict[str, Any]:
    """A report as JSON. `self` is its address here, `page` the one for people."""
    return {
        "id": report.id,
        "trail": report.trail.slug,
        "kind": report.kind,
        "place": report.place,
        "open": report.open,
        "self": full("api.show_report", report_id=report.id),
        "page": full("pages.show_report", report_id=report.id),
    }


@bp.post("/reports")
def create_report() -> ResponseReturnValue:
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400, "Send a JSON object.")
    trail = reporting.find_trail(body.get("trail"))
    report = reporting.take(trail, body.get("kind"), body.get("place"), visitors.address())
    answer = shown(report)
    return answer, 201, {"Location": answer["self"]}


@bp.get("/reports/<int:report_id>")
def show_report(report_id: int) -> ResponseReturnValue:
    return shown(reporting.find_report(report_id))
