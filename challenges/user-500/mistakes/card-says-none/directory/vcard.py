"""A person as a vCard 4.0 (RFC 6350), for phones and mail programs."""

from __future__ import annotations

from directory.models import User


def escape(text: str) -> str:
    """Escape what separates values in a vCard."""
    for plain, escaped in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def to_vcard(user: User, company: str) -> str:
    """The card's text."""
    profile = user.profile
    title = profile.title if profile else None
    phone = profile.phone if profile else None
    city = profile.office.city if profile and profile.office else None
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{escape(user.name)}",
        f"EMAIL:{user.email}",
        f"ORG:{escape(company)};{escape(user.team.name)}",
        f"TITLE:{escape(str(title))}",
        f"TEL;TYPE=work:{phone}",
        f"ADR;TYPE=work:;;;{escape(str(city))};;;",
        "END:VCARD",
    ]
    return "".join(f"{line}\r\n" for line in lines)
