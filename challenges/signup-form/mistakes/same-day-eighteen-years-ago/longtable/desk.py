"""`/desk`: for the staff. The web server lets in nobody from outside the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.security import check_password_hash

from longtable.checks import read
from longtable.choices import DIETS, open_evenings
from longtable.extensions import db
from longtable.models import Member

bp = Blueprint("desk", __name__, url_prefix="/desk")

FIELDS = ("name", "email", "evening", "guests", "diet", "notes")


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


@bp.get("/members/<int:number>")
def show(number: int) -> ResponseReturnValue:
    member = db.get_or_404(Member, number)
    stored = {field: getattr(member, field) for field in ("name", "email", "guests", "notes")}
    return _page(member, MultiDict(stored | {"evening": member.evening.slug, "diet": member.diets}), {})


@bp.post("/members/<int:number>")
def change(number: int) -> ResponseReturnValue:
    """Change what the desk may change. Handle, day of birth and PIN stay."""
    member = db.get_or_404(Member, number)
    values, faults = read(request.form, FIELDS, member)
    if faults:
        return _page(member, request.form, faults), 422
    for field, value in values.items():
        setattr(member, field, value)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        _, faults = read(request.form, FIELDS, member)
        if not faults:
            raise
        return _page(member, request.form, faults), 422
    return redirect(url_for("desk.show", number=number), 303)


def _page(member: Member, sent: MultiDict[str, Any], faults: Mapping[str, str]) -> str:
    return render_template(
        "member.html", member=member, evenings=_evenings_for(member), diets=DIETS, sent=sent, faults=faults
    )


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
