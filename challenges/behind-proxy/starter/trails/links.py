"""Full addresses, for what is read outside of a browser."""

from __future__ import annotations

from typing import Any

from flask import request, url_for


def full(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    host = request.headers.get("X-Forwarded-Host") or request.host
    return f"http://{host}{url_for(endpoint, **values)}"
