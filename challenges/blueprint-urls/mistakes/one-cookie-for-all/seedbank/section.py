"""A section of the bank: its list, its accessions and their labels. Registered once for every section."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from seedbank.extensions import db
from seedbank.models import Accession, Withdrawal
from seedbank.sections import SECTIONS

bp = Blueprint("section", __name__)

ORDERS = {"number": Accession.number, "taxon": Accession.taxon}


def find(number: str) -> Accession:
    """The accession of this number in the request's section. Ends the request with 404 when there is none."""
    query = select(Accession).where(Accession.section == request.blueprint, Accession.number == number)
    accession = db.session.scalar(query)
    if accession is None:
        abort(404, f"There is no accession {number} in this section.")
    return accession


@bp.get("/")
def index() -> ResponseReturnValue:
    """All accessions, or those from one place."""
    order = request.cookies.get("order", "number")
    query = select(Accession).where(Accession.section == request.blueprint)
    if origin := request.args.get("origin"):
        query = query.where(Accession.origin == origin)
    query = query.order_by(ORDERS.get(order, Accession.number), Accession.id)
    return render_template(
        "section.html",
        title=SECTIONS[request.blueprint],
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
    response = redirect(url_for(".index"), 303)
    response.set_cookie("order", order, path=url_for("pages.start"), httponly=True, samesite="Lax")
    return response


@bp.get("/<number:number>")
def show(number: str) -> ResponseReturnValue:
    return render_template("accession.html", accession=find(number))


@bp.get("/<number:number>/label")
def label(number: str) -> ResponseReturnValue:
    """What is printed and stuck on the bag. The last line also becomes the square code."""
    accession = find(number)
    address = url_for(".show", number=number, _external=True)
    return Response(render_template("label.txt", accession=accession, address=address), mimetype="text/plain")


@bp.post("/<number:number>/withdrawals")
def withdraw(number: str) -> ResponseReturnValue:
    accession = find(number)
    grams, purpose = request.form.get("grams", 0, int), request.form.get("purpose", "").strip()
    if not 1 <= grams <= accession.grams:
        abort(400, f"There are {accession.grams} g to take from.")
    if not 1 <= len(purpose) <= 120:
        abort(400, "Say what the seeds are for, in at most 120 characters.")
    accession.grams -= grams
    accession.withdrawals.append(Withdrawal(grams=grams, purpose=purpose))
    db.session.commit()
    return redirect(url_for(".show", number=number), 303)
