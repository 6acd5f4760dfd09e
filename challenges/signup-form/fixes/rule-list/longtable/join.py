"""`/join`: the form by which a guest becomes a member."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.dialects.sqlite import insert
from werkzeug.security import generate_password_hash

from longtable.checks import Answers, broken, doubles, on_joining
from longtable.choices import DIETS, open_evenings
from longtable.days import today
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("join", __name__)


@bp.app_template_filter()
def at(wrong: dict[str, str], field: str) -> str:
    """The sentence about a field, for the place beside it."""
    if field not in wrong:
        return ""
    return Markup('<em role="alert" id="error-{}">{}</em>').format(field, wrong[field])


@bp.route("/join", methods=["GET"], endpoint="form")
def empty_form() -> ResponseReturnValue:
    return show(Answers({"guests": "0"}, []))


def show(answers: Answers, **wrong: str) -> str:
    return render_template("join.html", evenings=open_evenings(), diets=DIETS, answers=answers, wrong=wrong)


@bp.post("/join")
def submit() -> ResponseReturnValue:
    answers = Answers.of_form(request.form)
    wrong = doubles(answers) | broken(on_joining(answers), answers)
    # Who was first may be gone again by the time that we look: then there is room.
    while not wrong and not _stored(answers):
        wrong = doubles(answers)
    if wrong:
        return show(answers, **wrong), 422
    return redirect(url_for("members.card", handle=answers.handle), 303)


def _stored(answers: Answers) -> bool:
    """Whether there is a row with these answers now. The table takes none that has another's handle or address."""
    row = answers.columns() | {
        "handle": answers.handle,
        "born": answers.birthday,
        "pin_hash": generate_password_hash(answers.pin, current_app.config["PIN_HASH"]),
        "joined_on": today(),
    }
    added = db.session.execute(insert(Member).values(row).on_conflict_do_nothing()).rowcount
    db.session.commit()
    return added == 1
