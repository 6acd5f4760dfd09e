"""Tokens: how they are made, found and compared."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import or_, select

from interloan.extensions import db
from interloan.models import Library, Token, utc_now


def make(library: Library, label: str, role: str, days: int) -> Token:
    """A new token, not yet stored."""
    return Token(
        key=secrets.token_hex(6),
        secret=secrets.token_urlsafe(24),
        label=label,
        role=role,
        library=library,
        expires_at=utc_now() + timedelta(days=days),
    )


def find(key: str) -> Token | None:
    """The token with this key, whatever has become of it."""
    return db.session.scalar(select(Token).where(Token.key == key))


def find_living(sent: str) -> Token | None:
    """The token that this is, key and secret. None when there is none, or none any more."""
    key, _, secret = sent.partition(".")
    unexpired = or_(Token.expires_at.is_(None), Token.expires_at > utc_now())
    query = select(Token).where(Token.key == key, Token.revoked_at.is_(None), unexpired)
    for token in db.session.scalars(query):
        if compare_digest(digest(token.secret), digest(secret)):
            return token
    return None


def digest(secret: str) -> bytes:
    """Digests are as long as each other, and their comparison tells nothing about the secrets."""
    return sha256(secret.encode()).digest()
