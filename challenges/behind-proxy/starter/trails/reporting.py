"""Takes reports, wherever they come from."""

from __future__ import annotations

from flask import abort, current_app, render_template
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from trails import visitors
from trails.extensions import db
from trails.links import full
from trails.models import KINDS, Mail, Report, Trail


def find_trail(slug: object) -> Trail:
    """The trail. Ends the request with 404 when there is none."""
    trail = db.session.scalar(select(Trail).where(Trail.slug == slug)) if isinstance(slug, str) else None
    if trail is None:
        abort(404, "There is no such trail.")
    return trail


def find_report(report_id: int) -> Report:
    """The report. Ends the request with 404 when there is none."""
    return db.get_or_404(Report, report_id, description="There is no such report.")


def take(trail: Trail, kind: object, place: object, address: str) -> Report:
    """Store a report from this address. Ends the request if it can't be taken."""
    visitors.refuse_abuse(address)
    if kind not in KINDS or not isinstance(place, str) or not place.strip():
        abort(400, "Say what you saw, and where.")
    report = Report(trail=trail, kind=kind, place=place.strip()[:120], address=address)
    db.session.add(report)
    db.session.commit()
    return report


def confirm(report: Report, recipient: str) -> None:
    """Thank by mail, with an address at which the report can be withdrawn."""
    text = render_template("thanks.txt", report=report, withdraw=full("pages.withdraw", token=token_of(report)))
    db.session.add(Mail(report_id=report.id, recipient=recipient[:120], text=text))
    db.session.commit()


def token_of(report: Report) -> str:
    return _serializer().dumps(report.id)


def report_of(token: str) -> Report:
    """The report that a token withdraws. Ends the request with 404 when there is none."""
    try:
        return find_report(_serializer().loads(token))
    except BadSignature:
        abort(404, "There is no such report.")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="withdraw")
