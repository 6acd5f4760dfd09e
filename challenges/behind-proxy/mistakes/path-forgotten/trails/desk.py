"""`/desk`: for the office, and reached from there only."""

from __future__ import annotations

from ipaddress import ip_address

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from trails import visitors
from trails.extensions import db
from trails.models import Blocked, Mail, Report

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.before_request
def office_only() -> None:
    if not visitors.in_office(visitors.address()):
        abort(403, "This is for the office.")


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("desk.html", reports=db.session.scalars(select(Report).order_by(Report.id.desc())).all())


@bp.get("/reports")
def list_reports() -> ResponseReturnValue:
    """All reports, with the addresses that they came from."""
    reports = db.session.scalars(select(Report).order_by(Report.id)).all()
    return {
        "reports": [
            {"id": each.id, "trail": each.trail.slug, "place": each.place, "address": each.address, "open": each.open}
            for each in reports
        ]
    }


@bp.get("/mails")
def list_mails() -> ResponseReturnValue:
    mails = db.session.scalars(select(Mail).order_by(Mail.id)).all()
    return {"mails": [{"report": each.report_id, "to": each.recipient, "text": each.text} for each in mails]}


@bp.get("/blocked")
def list_blocked() -> ResponseReturnValue:
    return render_template("blocked.html", blocked=db.session.scalars(select(Blocked).order_by(Blocked.address)).all())


@bp.post("/blocked")
def block() -> ResponseReturnValue:
    try:
        where = str(ip_address(request.form.get("address", "").strip()))
    except ValueError:
        abort(400, "That is no address.")
    db.session.merge(Blocked(address=where))
    db.session.commit()
    return redirect(url_for(".list_blocked"), 303)
