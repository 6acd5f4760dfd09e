"""Tokens: how they are made, found and compared."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select

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


def same(stored: str, sent: str) -> bool:
    """Whether two secrets are the same. Takes as long for a wrong one as for the right one."""
    # As bytes: texts may hold nothing but ASCII there.
    return hmac.compare_digest(stored.encode(), sent.encode())
