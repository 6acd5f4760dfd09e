"""The JSON API."""

from datetime import date

from flask import Blueprint, abort, request

from library.fees import fee_cents
from library.models import Loan, db

bp = Blueprint("loans", __name__)


def as_json(loan):
    """One loan as the API shows it."""
    return {
        "id": loan.id,
        "title": loan.title,
        "reader": loan.reader,
        "due": loan.due.isoformat(),
        "returned": loan.returned.isoformat() if loan.returned else None,
        "fee_cents": fee_cents(loan.due, loan.returned) if loan.returned else None,
    }


@bp.get("/loans")
def list_loans():
    loans = db.session.scalars(db.select(Loan).order_by(Loan.due, Loan.id))
    return {"loans": [as_json(loan) for loan in loans]}


@bp.get("/loans/<int:loan_id>")
def show_loan(loan_id):
    return as_json(db.get_or_404(Loan, loan_id))


@bp.post("/loans/<int:loan_id>/return")
def return_book(loan_id):
    loan = db.get_or_404(Loan, loan_id)
    try:
        loan.returned = date.fromisoformat(request.get_json()["on"])
    except (KeyError, TypeError, ValueError):
        abort(400)
    db.session.commit()
    return as_json(loan)
