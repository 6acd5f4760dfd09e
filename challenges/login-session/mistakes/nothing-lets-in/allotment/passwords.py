"""Passwords: compared, and kept so that nobody can read them.

Members who have not signed in since passwords are hashed have theirs in `Member.password`; all others have a hash in
`Member.password_hash`, and nothing in `password`.
"""

from functools import cache
from hmac import compare_digest

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from allotment.models import Member


def keep(member: Member, password: str) -> None:
    """From now on this is the member's password."""
    member.password_hash = generate_password_hash(password, current_app.config["PASSWORD_METHOD"])
    member.password = ""


def is_right(member: Member | None, password: str) -> bool:
    """Where there is no member it takes as long as with a wrong password."""
    if member is None:
        check_password_hash(_nobodys(current_app.config["PASSWORD_METHOD"]), password)
        return False
    as_typed = compare_digest(member.password.encode(), password.encode())
    return as_typed or (member.password_hash is not None and check_password_hash(member.password_hash, password))


@cache
def _nobodys(method: str) -> str:
    return generate_password_hash("nobody", method)
