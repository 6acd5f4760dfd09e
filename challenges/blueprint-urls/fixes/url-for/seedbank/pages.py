"""The start page, and the list of pages for search engines."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from seedbank.extensions import db
from seedbank.models import Accession
from seedbank.sections import SECTIONS

bp = Blueprint("pages", __name__)


@bp.get("/")
def start() -> ResponseReturnValue:
    counts = db.session.execute(select(Accession.section, func.count()).group_by(Accession.section))
    newest = db.session.scalars(select(Accession).order_by(Accession.id.desc()).limit(5))
    return render_template(
        "start.html", counts={section: count for section, count in counts}, newest=newest.all()
    )


@bp.get("/sitemap.txt")
def sitemap() -> ResponseReturnValue:
    """One address a line: the start page, the sections, and every accession."""
    lines = [url_for(".start", _external=True)]
    lines += [url_for(f"{section}.index", _external=True) for section in SECTIONS]
    for accession in db.session.scalars(select(Accession).order_by(Accession.id)):
        lines.append(url_for(f"{accession.section}.show", number=accession.number, _external=True))
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
