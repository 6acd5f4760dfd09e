"""The newest reports, for feed readers."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from sqlalchemy import select

from trails.extensions import db
from trails.links import full
from trails.models import Report

bp = Blueprint("feed", __name__)


@bp.get("/feed.atom")
def atom() -> Response:
    reports = db.session.scalars(select(Report).where(Report.open).order_by(Report.id.desc()).limit(20)).all()
    return Response(render_template("feed.xml", reports=reports, full=full), mimetype="application/atom+xml")
