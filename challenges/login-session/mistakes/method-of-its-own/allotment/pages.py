"""What visitors and members read."""

from flask import Blueprint, abort, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from allotment.auth import members_only, onward
from allotment.extensions import db
from allotment.models import Site

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    sites = db.session.scalars(select(Site).order_by(Site.name)).all()
    picked = next((site for site in sites if site.slug == session.get("site")), None)
    return render_template("home.html", sites=sites, picked=picked)


@blueprint.get("/sites/<slug>")
def pick_site(slug: str) -> ResponseReturnValue:
    site = db.session.scalar(select(Site).where(Site.slug == slug))
    if site is None:
        abort(404)
    session["site"] = site.slug
    return redirect(onward(request.args.get("back", "")))


@blueprint.get("/plot")
@members_only
def plot() -> ResponseReturnValue:
    return render_template("plot.html", plot=g.member.plot)
