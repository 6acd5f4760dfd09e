"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from directory.models import Profile, Team, User


def team_ref(team: Team) -> dict[str, Any]:
    return {"slug": team.slug, "name": team.name}


def user_summary(user: User) -> dict[str, Any]:
    """One line of a list of users."""
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "team": user.team.slug,
    }


def contact(user: User) -> dict[str, Any]:
    """A person as part of something else: a team's member, someone's manager."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "title": user.profile.title if user.profile else None,
    }


def profile_detail(profile: Profile) -> dict[str, Any]:
    office = profile.office
    return {
        "title": profile.title,
        "phone": profile.phone,
        "pronouns": profile.pronouns,
        "bio": profile.bio,
        "started_on": profile.started_on.isoformat() if profile.started_on else None,
        "office": {"code": office.code, "city": office.city} if office else None,
    }


def user_detail(user: User) -> dict[str, Any]:
    """All that the directory knows about a person."""
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "active": user.active,
        "team": team_ref(user.team),
        "manager": contact(user.manager) if user.manager else None,
        "profile": profile_detail(user.profile) if user.profile else None,
    }
