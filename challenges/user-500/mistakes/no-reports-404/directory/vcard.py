"""A person as a vCard 4.0 (RFC 6350), for phones and mail programs."""

from __future__ import annotations

from directory.models import User


def escape(text: str) -> str:
    """Escape what separates values in a vCard."""
    for plain, escaped in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def to_vcard(user: User, company: str) -> str:
    """The card's text. A line that would be empty is left out."""
    profile = user.profile
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{escape(user.name)}",
        f"EMAIL:{user.email}",
        f"ORG:{escape(company)};{escape(user.team.name)}",
    ]
    if profile and profile.title:
        lines.append(f"TITLE:{escape(profile.title)}")
    if profile and profile.phone:
        lines.append(f"TEL;TYPE=work:{profile.phone}")
    if profile and profile.office:
        lines.append(f"ADR;TYPE=work:;;;{escape(profile.office.city)};;;")
    lines.append("END:VCARD")
    return "".join(f"{line}\r\n" for line in lines)
