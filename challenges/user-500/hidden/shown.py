"""How the API shows people, from what the harness stored of them."""

from __future__ import annotations

from typing import Any

EMPTY = {"title": None, "phone": None, "pronouns": None, "bio": None, "started_on": None, "office": None}


def place(office: Any) -> dict[str, str]:
    return {"code": office.code, "city": office.city}


def team_of(person: Any) -> dict[str, str]:
    return {"slug": person.team.slug, "name": person.team.name}


def contact(person: Any, **changes: Any) -> dict[str, Any]:
    """Someone as a member, a manager or a report."""
    title = person.profile["title"] if person.profile else None
    return {"id": person.id, "name": person.name, "email": person.email, "title": title} | changes


def profile(person: Any, **changes: Any) -> dict[str, Any]:
    """The profile of someone who has one."""
    stored = person.profile
    day, office = stored["started_on"], stored["office"]
    shown = {"started_on": day and day.isoformat(), "office": office and place(office)}
    return stored | shown | changes


def detail(person: Any, **changes: Any) -> dict[str, Any]:
    """Someone's own page; `changes` are of the profile."""
    return {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "email": person.email,
        "active": person.active,
        "team": team_of(person),
        "manager": contact(person.manager),
        "profile": profile(person, **changes),
    }


def newcomer(hired: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Someone who was hired a moment ago, as a member, a manager or a report."""
    return {"id": hired["id"], "name": hired["name"], "email": hired["email"], "title": None} | changes


def by_name(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(people, key=lambda person: person["name"])


def escaped(text: str) -> str:
    """As a contact card has it."""
    return text.replace(",", "\\,").replace(";", "\\;")
