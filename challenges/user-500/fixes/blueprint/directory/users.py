"""`/users`: people, one by one and in lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from directory import payloads
from directory.errors import ApiError
from directory.extensions import db
from directory.lookups import team_or_404
from directory.models import Profile, User
from directory.serializers import contact, profile_detail, user_detail, user_summary
from directory.vcard import to_vcard

bp = Blueprint("users", __name__, url_prefix="/users")


@bp.url_value_preprocessor
def find_user(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Give every view below `/users/<id>` a `user`, not an id. Raises ApiError 404 for an unknown one."""
    if values and "user_id" in values:
        user_id = values.pop("user_id")
        user = db.session.get(User, user_id)
        if user is None:
            raise ApiError(404, "user_not_found", f"Nobody in the directory has the id {user_id}.")
        values["user"] = user


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
def show_user(user: User) -> ResponseReturnValue:
    return user_detail(user)


@bp.get("/<int:user_id>/card")
def show_card(user: User) -> ResponseReturnValue:
    """The vCard behind the "add to contacts" button."""
    card = to_vcard(user, current_app.config["COMPANY_NAME"])
    response = Response(card, mimetype="text/vcard")
    response.headers.set("Content-Disposition", "attachment", filename=f"{user.username}.vcf")
    return response


@bp.get("/<int:user_id>/manager")
def show_manager(user: User) -> ResponseReturnValue:
    manager = user.manager
    return {"manager": None if manager is None else contact(manager)}


@bp.get("/<int:user_id>/reports")
def list_reports(user: User) -> ResponseReturnValue:
    """Those who work here and report to this person, by name."""
    query = select(User).where(User.manager_id == user.id, User.active).order_by(User.name, User.id)
    return {"reports": [contact(report) for report in db.session.scalars(query)]}


@bp.patch("/<int:user_id>/profile")
def update_profile(user: User) -> ResponseReturnValue:
    """Change the fields that were sent, and no others."""
    changes = payloads.profile_changes(payloads.json_object())
    profile = user.profile
    if profile is None:
        profile = Profile(user=user)
        db.session.add(profile)
    for field, value in changes.items():
        setattr(profile, field, value)
    db.session.commit()
    return {"profile": profile_detail(profile)}
