"""`/loans`: what the libraries ask each other for."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from interloan import payloads
from interloan.auth import requires
from interloan.errors import ApiError
from interloan.extensions import db
from interloan.models import Copy, Loan

bp = Blueprint("loans", __name__, url_prefix="/loans")


def loan_json(loan: Loan) -> dict[str, Any]:
    return {
        "id": loan.id,
        "copy": loan.copy_id,
        "title": loan.copy.title,
        "lender": loan.copy.library.code,
        "borrower": loan.borrower.code,
        "reader": loan.reader,
        "state": loan.state,
    }


def own_loan(number: int) -> Loan:
    """A loan that the token's library takes part in. Raises ApiError 404 for any other."""
    loan = db.session.get(Loan, number)
    if loan is None or g.token.library_id not in (loan.borrower_id, loan.copy.library_id):
        raise ApiError(404, "loan_not_found", f"There is no loan {number}.")
    return loan


@bp.get("")
@requires("reader")
def list_loans() -> ResponseReturnValue:
    """List the loans that the own library takes part in."""
    library = g.token.library_id
    query = select(Loan).join(Loan.copy).where(or_(Loan.borrower_id == library, Copy.library_id == library))
    return {"loans": [loan_json(loan) for loan in db.session.scalars(query.order_by(Loan.id))]}


@bp.post("")
@requires("desk")
def ask_for_copy() -> ResponseReturnValue:
    """Ask another library for a copy."""
    body = payloads.json_object()
    number = payloads.number(body, "copy", 1, 2**31)
    reader = payloads.text(body, "reader", 40)
    copy = db.session.get(Copy, number)
    if copy is None:
        raise ApiError(404, "copy_not_found", f"There is no copy {number}.")
    if copy.library_id == g.token.library_id:
        raise ApiError(409, "own_copy", f"Copy {number} is on a shelf of your own.")
    if db.session.scalar(select(Loan.id).where(Loan.copy_id == number, Loan.state != "cancelled")):
        raise ApiError(409, "copy_on_loan", f"Copy {number} is on loan.")
    loan = Loan(copy=copy, borrower=g.token.library, reader=reader)
    db.session.add(loan)
    db.session.commit()
    return loan_json(loan), 201


@bp.get("/export")
@requires("office")
def export_loans() -> ResponseReturnValue:
    """Export all loans as CSV."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "title", "lender", "borrower", "reader", "state"])
    for loan in db.session.scalars(select(Loan).order_by(Loan.id)):
        shown = loan_json(loan)
        rows.writerow([shown[name] for name in ("id", "title", "lender", "borrower", "reader", "state")])
    return Response(text.getvalue(), mimetype="text/csv")


@bp.get("/<int:number>")
@requires("reader")
def show_loan(number: int) -> ResponseReturnValue:
    """Show a loan."""
    return loan_json(own_loan(number))


@bp.post("/<int:number>/send")
@requires("desk")
def send_copy(number: int) -> ResponseReturnValue:
    """Say that a copy is on its way."""
    loan = own_loan(number)
    if loan.copy.library_id != g.token.library_id or loan.state != "asked":
        raise ApiError(409, "not_to_be_sent", f"Loan {number} is not yours to send.")
    loan.state = "sent"
    db.session.commit()
    return loan_json(loan)


@bp.post("/<int:number>/cancel")
@requires("desk")
def cancel_loan(number: int) -> ResponseReturnValue:
    """Take a request back."""
    loan = own_loan(number)
    if loan.borrower_id != g.token.library_id or loan.state != "asked":
        raise ApiError(409, "not_to_be_cancelled", f"Loan {number} is not yours to cancel.")
    loan.state = "cancelled"
    db.session.commit()
    return loan_json(loan)


@bp.get("/<int:number>/slip")
@requires("desk")
def print_slip(number: int) -> ResponseReturnValue:
    """Print the slip that goes into the parcel."""
    loan = own_loan(number)
    lines = [f"Loan {loan.id}", loan.copy.title, f"to {loan.borrower.name}", f"for {loan.reader}"]
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
