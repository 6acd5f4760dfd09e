"""`/desk`: for the staff. The web server lets in nobody from outside the house."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update
from werkzeug.security import check_password_hash

from longtable.checks import Answers, broken, doubles, personal
from longtable.choices import DIETS, open_evenings
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("/members.json")
def kitchen_list() -> ResponseReturnValue:
    """All members in the order in which they joined, for the printer in the kitchen."""
    members = db.session.scalars(select(Member).order_by(Member.id))
    return {"members": [_printed(member) for member in members]}


def _printed(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "handle": member.handle,
        "name": member.name,
        "email": member.email,
        "born": member.born.isoformat(),
        "evening": member.evening.slug,
        "guests": member.guests,
        "diet": member.diets,
        "notes": member.notes,
    }


@bp.route("/members/<int:number>", methods=["GET", "POST"])
def show(number: int) -> ResponseReturnValue:
    """What the desk may change of a member. Handle, day of birth and PIN stay."""
    member = db.get_or_404(Member, number)
    wrong: dict[str, str] = {}
    answers = Answers.of_member(member)
    if request.method == "POST":
        answers = Answers.of_form(request.form)
        wrong = doubles(answers, apart_from=number) | broken(personal(answers), answers, member.evening.slug)
        wrong = wrong or _replaced(number, answers)
        if not wrong:
            return redirect(url_for("desk.show", number=number), 303)
    page = render_template(
        "member.html", member=member, evenings=_evenings_for(member), diets=DIETS, answers=answers, wrong=wrong
    )
    return page, 422 if wrong else 200


def _replaced(number: int, answers: Answers) -> dict[str, str]:
    """Store the answers, unless the database knows the address as another member's: then what to say about it."""
    statement = update(Member).prefix_with("OR IGNORE").where(Member.id == number).values(answers.columns())
    done = db.session.execute(statement, execution_options={"synchronize_session": False})
    if done.rowcount:
        db.session.commit()
        return {}
    db.session.rollback()
    return doubles(answers, apart_from=number)


def _evenings_for(member: Member) -> list[Any]:
    """What the form offers: the open evenings, and the member's own in any case."""
    evenings = open_evenings()
    return evenings if member.evening in evenings else [member.evening, *evenings]


@bp.post("/check-in")
def check_in() -> ResponseReturnValue:
    """Tells whether the PIN is the member's: the answer is 200 if so, and else 403."""
    member = db.session.scalar(select(Member).where(Member.handle == request.form.get("handle", "").strip()))
    if member is None or not check_password_hash(member.pin_hash, request.form.get("pin", "")):
        return {"error": "unknown handle or wrong PIN"}, 403
    return {"name": member.name, "evening": member.evening.slug}
