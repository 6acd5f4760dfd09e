"""Full addresses, for what is read outside of a browser."""

from __future__ import annotations

from typing import Any

from flask import url_for


def full(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    return url_for(endpoint, _external=True, **values)
