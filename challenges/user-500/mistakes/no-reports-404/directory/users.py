"""`/users`: people, one by one and in lists."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from directory import payloads
from directory.errors import ApiError
from directory.extensions import db
from directory.lookups import team_or_404, user_or_404
from directory.models import Profile, User
from directory.serializers import contact, profile_detail, user_detail, user_summary
from directory.vcard import to_vcard

bp = Blueprint("users", __name__, url_prefix="/users")


@bp.get("")
def list_users() -> ResponseReturnValue:
    """Everyone who works here, by name; `?team=` and `?q=` narrow the list."""
    query = select(User).where(User.active).options(joinedload(User.team)).order_by(User.name, User.id)
    if slug := request.args.get("team"):
        query = query.where(User.team_id == team_or_404(slug).id)
    if text := request.args.get("q", "").strip():
        query = query.where(
            or_(User.name.icontains(text, autoescape=True), User.username.icontains(text, autoescape=True))
        )
    users = db.session.scalars(query).all()
    return {"users": [user_summary(user) for user in users], "count": len(users)}


@bp.post("")
def create_user() -> ResponseReturnValue:
    """Called by the HR system for every new contract."""
    user = payloads.new_user(payloads.json_object())
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise ApiError(409, "user_exists", "The username or the e-mail address is taken.") from None
    return user_summary(user), 201, {"Location": url_for("users.show_user", user_id=user.id)}


@bp.get("/<int:user_id>")
def show_user(user_id: int) -> ResponseReturnValue:
    user = user_or_404(user_id)
    return user_detail(user)


@bp.get("/<int:user_id>/card")
def show_card(user_id: int) -> ResponseReturnValue:
    """The vCard behind the "add to contacts" button."""
    user = user_or_404(user_id)
    card = to_vcard(user, current_app.config["COMPANY_NAME"])
    response = Response(card, mimetype="text/vcard")
    response.headers.set("Content-Disposition", "attachment", filename=f"{user.username}.vcf")
    return response


@bp.get("/<int:user_id>/manager")
def show_manager(user_id: int) -> ResponseReturnValue:
    user = user_or_404(user_id)
    return {"manager": contact(user.manager) if user.manager else None}


@bp.get("/<int:user_id>/reports")
def list_reports(user_id: int) -> ResponseReturnValue:
    """Those who work here and report to this person, by name."""
    query = select(User).where(User.manager_id == user_id, User.active).order_by(User.name, User.id)
    reports = db.session.scalars(query).all()
    if not reports:
        raise ApiError(404, "user_not_found", f"There is no user {user_id}.")
    return {"reports": [contact(user) for user in reports]}


@bp.patch("/<int:user_id>/profile")
def update_profile(user_id: int) -> ResponseReturnValue:
    """Change the fields that were sent, and no others."""
    changes = payloads.profile_changes(payloads.json_object())
    user = user_or_404(user_id)
    if user.profile is None:
        user.profile = Profile()
    for field, value in changes.items():
        setattr(user.profile, field, value)
    db.session.commit()
    return {"profile": profile_detail(user.profile)}
