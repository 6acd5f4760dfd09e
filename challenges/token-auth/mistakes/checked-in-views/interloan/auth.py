"""Who is asking, and what they may do. Views call `check`."""

from __future__ import annotations

from flask import g, request

from interloan import tokens
from interloan.errors import ApiError
from interloan.models import Token

RANKS = {"reader": 1, "desk": 2, "office": 3}


def check(role: str) -> Token:
    """The token of the request, which has this role or a higher one. Raises ApiError 401 or 403."""
    words = request.headers.get("Authorization", "").split()
    parts = words[1].split(".") if len(words) == 2 and words[0].upper() == "BEARER" else []
    found = None
    if len(parts) == 2:
        found = tokens.find(parts[0])
        if found is not None and not tokens.same(found.secret, parts[1]):
            found = None
    if found is None or not found.is_alive():
        raise ApiError(401, "unauthorized", "Send a token that is alive.")
    taken = request.headers.get("X-Act-As")
    if taken is None:
        taken = found.role
    highest = RANKS[found.role]
    for needed in (RANKS.get(taken, highest + 1) <= highest, RANKS.get(taken, 0) >= RANKS[role]):
        if not needed:
            raise ApiError(403, "forbidden", f"This needs the role {role}.")
    g.token, g.role = found, taken
    return found
