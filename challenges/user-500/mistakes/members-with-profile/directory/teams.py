"""`/teams`: teams and who is in them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.lookups import team_or_404
from directory.models import Team, User
from directory.serializers import contact, team_ref

bp = Blueprint("teams", __name__, url_prefix="/teams")


@bp.get("")
def list_teams() -> ResponseReturnValue:
    """All teams by name, with the number of people in each."""
    query = (
        select(Team, func.count(User.id))
        .outerjoin(User, (User.team_id == Team.id) & User.active)
        .group_by(Team.id)
        .order_by(Team.name)
    )
    return {"teams": [team_ref(team) | {"size": size} for team, size in db.session.execute(query)]}


@bp.get("/<slug>")
def show_team(slug: str) -> ResponseReturnValue:
    """A team and its members who work here, by name."""
    team = team_or_404(slug)
    query = (
        select(User)
        .join(User.profile)
        .where(User.team_id == team.id, User.active)
        .options(selectinload(User.profile))
        .order_by(User.name, User.id)
    )
    return team_ref(team) | {"members": [contact(user) for user in db.session.scalars(query)]}
