"""The pages for those who walk."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from trails import reporting
from trails.extensions import db
from trails.models import KINDS, Report, Trail

bp = Blueprint("pages", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    return render_template("index.html", trails=db.session.scalars(select(Trail).order_by(Trail.name)).all())


@bp.get("/trails/<slug>/")
def show_trail(slug: str) -> ResponseReturnValue:
    """Open reports, or all of them with `?all=1`."""
    trail, everything = reporting.find_trail(slug), request.args.get("all") == "1"
    query = select(Report).where(Report.trail_id == trail.id).order_by(Report.id.desc())
    if not everything:
        query = query.where(Report.open)
    reports = db.session.scalars(query).all()
    name = request.cookies.get("name", "")
    return render_template("trail.html", trail=trail, reports=reports, everything=everything, kinds=KINDS, name=name)


@bp.post("/trails/<slug>/reports")
def send_report(slug: str) -> ResponseReturnValue:
    """The form below a trail. The name is remembered for the next time."""
    form = request.form
    trail = reporting.find_trail(slug)
    report = reporting.take(trail, form.get("kind"), form.get("place"), request.remote_addr or "")
    if form.get("email"):
        reporting.confirm(report, form["email"])
    answer = redirect(url_for(".show_report", report_id=report.id), 303)
    answer.set_cookie("name", form.get("name", ""), secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


@bp.get("/reports/<int:report_id>")
def show_report(report_id: int) -> ResponseReturnValue:
    return render_template("report.html", report=reporting.find_report(report_id))


@bp.get("/withdraw/<token>")
def withdraw(token: str) -> ResponseReturnValue:
    return render_template("withdraw.html", report=reporting.report_of(token))


@bp.post("/withdraw/<token>")
def withdraw_now(token: str) -> ResponseReturnValue:
    report = reporting.report_of(token)
    report.open = False
    db.session.commit()
    return redirect(url_for(".show_trail", slug=report.trail.slug), 303)
