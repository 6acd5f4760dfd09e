"""What stands in addresses, beyond Flask's own kinds."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter


class CodeConverter(BaseConverter):
    """A box's code: three digits, the leading zeros among them."""

    regex = r"\d{3}"


def register(app: Flask) -> None:
    """Call this before any blueprint is registered."""
    app.url_map.converters.update(code=CodeConverter)
