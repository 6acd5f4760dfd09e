"""Hashes of today's Werkzeug, and those of Werkzeug 0.14 that are in the database."""

import hmac

from werkzeug.security import check_password_hash


def matches(stored, password):
    if not stored.startswith("sha256$"):
        return check_password_hash(stored, password)
    _, salt, expected = stored.split("$", 2)
    return hmac.compare_digest(hmac.new(salt.encode(), password.encode(), "sha256").hexdigest(), expected)
