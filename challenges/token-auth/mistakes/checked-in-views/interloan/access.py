"""`/me` and `/tokens`: who may ask what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from interloan import payloads, tokens
from interloan.auth import RANKS, check
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
def show_me() -> ResponseReturnValue:
    """Say who is asking."""
    check("reader")
    return {"key": g.token.key, "label": g.token.label, "library": g.token.library.code, "role": g.role}


@bp.get("/tokens")
def list_tokens() -> ResponseReturnValue:
    """List the tokens of the own library, and all of them for the office."""
    check("desk")
    query = select(Token).order_by(Token.key)
    if g.role != "office":
        query = query.where(Token.library_id == g.token.library_id)
    return {"tokens": [token_json(token) for token in db.session.scalars(query)]}


@bp.post("/tokens")
def make_token() -> ResponseReturnValue:
    """Make a token for the own library."""
    body = payloads.json_object()
    label = payloads.text(body, "label", 80)
    role = body.get("role")
    if not isinstance(role, str) or role not in RANKS:
        raise ApiError(400, "bad_request", f"role must be one of {', '.join(RANKS)}.")
    days = payloads.number(body, "days", 1, 365)
    maker = check("desk")
    if RANKS[role] > RANKS[g.role]:
        raise ApiError(403, "forbidden", f"Only the {role} can make a token with this role.")
    token = tokens.make(maker.library, label, role, days)
    db.session.add(token)
    db.session.commit()
    return token_json(token) | {"token": f"{token.key}.{token.secret}"}, 201


@bp.delete("/tokens/<key>")
def revoke_token(key: str) -> ResponseReturnValue:
    """Revoke a token."""
    token = tokens.find(key)
    if token is None:
        raise ApiError(404, "token_not_found", f"There is no token {key}.")
    check("office")
    if token.revoked_at is None:
        token.revoked_at = utc_now()
        db.session.commit()
    return token_json(token)
