"""Reads parameters that have a few good values."""

from __future__ import annotations

from collections.abc import Collection

from flask import abort, request


def choice(name: str, allowed: Collection[str], default: str) -> str:
    """One of `allowed`. 400 for anything else."""
    value = request.args.get(name) or default
    if value not in allowed:
        names = sorted(allowed)
        abort(400, f"{name} is one of {', '.join(names)}.")
    return value


def number(name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`. 400 for anything else."""
    value = request.args.get(name) or str(default)
    if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and 1 <= int(value) <= most:
        return int(value)
    abort(400, f"{name} is a whole number from 1 to {most}.")
