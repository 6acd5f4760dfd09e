"""Full addresses, for what is read outside of a browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from flask import request, url_for


def full(endpoint: str, **values: Any) -> str:
    """The full address of a page."""
    return urljoin(request.host_url, url_for(endpoint, **values))
