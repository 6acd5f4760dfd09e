"""`/me` and `/tokens`: who may ask what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from interloan import payloads, tokens
from interloan.auth import RANKS, forbidden, requires
from interloan.errors import ApiError
from interloan.extensions import db
from interloan.models import Token, utc_now

bp = Blueprint("access", __name__)


def token_json(token: Token) -> dict[str, Any]:
    """All but the secret."""
    return {
        "key": token.key,
        "label": token.label,
        "role": token.role,
        "library": token.library.code,
        "expires_at": f"{token.expires_at:%Y-%m-%dT%H:%M:%SZ}" if token.expires_at else None,
        "revoked": token.revoked_at is not None,
    }


@bp.get("/me")
@requires("reader")
def show_me() -> ResponseReturnValue:
    """Say who is asking."""
    return {"key": g.token.key, "label": g.token.label, "library": g.token.library.code, "role": g.role}


@bp.get("/tokens")
@requires("desk")
def list_tokens() -> ResponseReturnValue:
    """List the tokens of the own library, and all of them for the office."""
    query = select(Token).order_by(Token.key)
    if g.role != "office":
        query = query.where(Token.library_id == g.token.library_id)
    return {"tokens": [token_json(token) for token in db.session.scalars(query)]}


@bp.post("/tokens")
@requires("desk")
def make_token() -> ResponseReturnValue:
    """Make a token for the own library."""
    body = payloads.json_object()
    label = payloads.text(body, "label", 80)
    role = body.get("role")
    if not isinstance(role, str) or role not in RANKS:
        raise ApiError(400, "bad_request", f"role must be one of {', '.join(RANKS)}.")
    if RANKS[role] > RANKS[g.role]:
        raise forbidden(f"Only the {role} can make a token with this role.")
    token = tokens.make(g.token.library, label, role, payloads.number(body, "days", 1, 365))
    db.session.add(token)
    db.session.commit()
    return token_json(token) | {"token": f"{token.key}.{token.secret}"}, 201


@bp.delete("/tokens/<key>")
@requires("office")
def revoke_token(key: str) -> ResponseReturnValue:
    """Revoke a token."""
    token = tokens.find(key)
    if token is None:
        raise ApiError(404, "token_not_found", f"There is no token {key}.")
    if token.revoked_at is None:
        token.revoked_at = utc_now()
        db.session.commit()
    return token_json(token)
