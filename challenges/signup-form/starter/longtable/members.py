"""What everyone may see: who sits at the table, and a member's seat card."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from longtable.choices import open_evenings
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("members", __name__)


@bp.get("/")
def seating() -> ResponseReturnValue:
    """The evenings, and the seat cards of each in the order in which people joined."""
    cards = {
        evening: db.session.scalars(select(Member).where(Member.evening == evening).order_by(Member.id)).all()
        for evening in open_evenings()
    }
    return render_template("seating.html", cards=cards)


@bp.get("/members/<handle>")
def card(handle: str) -> ResponseReturnValue:
    """The seat card, which is also where a new member is welcomed."""
    member = db.first_or_404(select(Member).where(Member.handle == handle))
    return render_template("card.html", member=member)
