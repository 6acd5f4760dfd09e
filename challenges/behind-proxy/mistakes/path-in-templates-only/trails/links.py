"""Full addresses, for what is read outside of a browser."""

from __future__ import annotations

from typing import Any

from flask import url_for

from trails import outside


def full(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    return outside.root() + url_for(endpoint, **values)
