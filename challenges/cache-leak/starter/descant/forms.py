"""Reads forms; what is wrong with them is answered with 400."""

from datetime import date

from flask import abort, request


def text(name: str, most: int = 80) -> str:
    """A field that must not be empty."""
    value = request.form.get(name, "").strip()
    if not 1 <= len(value) <= most:
        abort(400, f"{name} must have 1 to {most} characters")
    return value


def one_of(name: str, *choices: str) -> str:
    """A field that is one of these."""
    value = request.form.get(name, "")
    if value not in choices:
        abort(400, f"{name} must be one of: {', '.join(choices)}")
    return value


def day(name: str) -> date:
    """A date such as 2027-03-14."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        abort(400, f"{name} must be a date such as 2027-03-14")
