"""A section of the bank: its list, its accessions and their labels. Registered once for every section."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from seedbank import where
from seedbank.extensions import db
from seedbank.models import Accession, Withdrawal
from seedbank.sections import SECTIONS

bp = Blueprint("section", __name__)

#: As the first part of an address, and as the first two.
NEWER, OLDER = "/<string(length=9):number>", "/<string(length=2):year>/<string(maxlength=3):serial>"

ORDERS = {"number": Accession.number, "taxon": Accession.taxon}


def find(*parts: str) -> Accession:
    """The accession of this number in the request's section. Ends the request with 404 when there is none."""
    number = "/".join(parts)
    query = select(Accession).where(Accession.section == request.blueprint, Accession.number == number)
    accession = db.session.scalar(query)
    if accession is None:
        abort(404, f"There is no accession {number} in this section.")
    return accession


def _cookie() -> str:
    """Each section has its own, since there may be no path that only its pages are below."""
    return f"order-of-{request.blueprint}"


@bp.get("/")
def index() -> ResponseReturnValue:
    """All accessions, or those from one place."""
    order = request.cookies.get(_cookie(), "number")
    query = select(Accession).where(Accession.section == request.blueprint)
    if origin := request.args.get("origin"):
        query = query.where(Accession.origin == origin)
    query = query.order_by(ORDERS.get(order, Accession.number), Accession.id)
    return render_template(
        "section.html",
        title=SECTIONS[request.blueprint],
        path=where.section(request.blueprint),
        accessions=db.session.scalars(query).all(),
        origin=origin,
        orders=list(ORDERS),
    )


@bp.post("/order")
def choose_order() -> ResponseReturnValue:
    """Remember the order in which this visitor wants to see this section."""
    order = request.form.get("order", "")
    if order not in ORDERS:
        abort(400, "Lists are in the order of number or taxon.")
    back = redirect(where.on_this_server(f"{where.section(request.blueprint)}/"), 303)
    back.set_cookie(_cookie(), order, path=where.on_this_server(""), httponly=True, samesite="Lax")
    return back


@bp.get(NEWER)
@bp.get(OLDER)
def show(**number: str) -> ResponseReturnValue:
    accession = find(*number.values())
    return render_template("accession.html", accession=accession, path=where.accession(accession))


@bp.get(f"{NEWER}/label")
@bp.get(f"{OLDER}/label")
def label(**number: str) -> ResponseReturnValue:
    """What is printed and stuck on the bag. The last line also becomes the square code."""
    accession = find(*number.values())
    text = render_template("label.txt", accession=accession, address=where.in_full(where.accession(accession)))
    return Response(text, mimetype="text/plain")


@bp.post(f"{NEWER}/withdrawals")
@bp.post(f"{OLDER}/withdrawals")
def withdraw(**number: str) -> ResponseReturnValue:
    accession = find(*number.values())
    grams, purpose = request.form.get("grams", 0, int), request.form.get("purpose", "").strip()
    if not 1 <= grams <= accession.grams:
        abort(400, f"There are {accession.grams} g to take from.")
    if not 1 <= len(purpose) <= 120:
        abort(400, "Say what the seeds are for, in at most 120 characters.")
    accession.grams -= grams
    accession.withdrawals.append(Withdrawal(grams=grams, purpose=purpose))
    db.session.commit()
    return redirect(where.on_this_server(where.accession(accession)), 303)
