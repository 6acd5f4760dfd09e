"""Reads parameters that have a few good values."""

from __future__ import annotations

from collections.abc import Collection

from flask import request

from belfry.errors import ApiError


def choice(name: str, allowed: Collection[str], default: str) -> str:
    """One of `allowed`. Raises ApiError 400 for anything else."""
    value = request.args.get(name) or default
    if value not in allowed:
        names = sorted(allowed)
        raise ApiError(
            400, "bad_parameter", f"{name} is one of {', '.join(names)}.", parameter=name, value=value, allowed=names
        )
    return value


def number(name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`. Raises ApiError 400 for anything else."""
    value = request.args.get(name) or str(default)
    if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and 1 <= int(value) <= most:
        return int(value)
    raise ApiError(400, "bad_parameter", f"{name} is a whole number from 1 to {most}.", parameter=name, value=value)
