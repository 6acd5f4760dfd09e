"""Finding things by the names that clients know them by."""

from __future__ import annotations

from sqlalchemy import select

from directory.errors import ApiError
from directory.extensions import db
from directory.models import Office, Team, User


def find_team(slug: str) -> Team | None:
    return db.session.scalar(select(Team).where(Team.slug == slug))


def find_office(code: str) -> Office | None:
    return db.session.scalar(select(Office).where(Office.code == code))


def team_or_404(slug: str) -> Team:
    """The team with this slug. Raises ApiError 404 when there is none."""
    team = find_team(slug)
    if team is None:
        raise ApiError(404, "team_not_found", f"There is no team {slug!r}.")
    return team


def user_or_404(user_id: int) -> User:
    """The user with this id, also one who has left. Raises ApiError 404 when there is none."""
    user = db.session.get(User, user_id)
    if user is None:
        raise ApiError(404, "user_not_found", f"There is no user {user_id}.")
    return user
