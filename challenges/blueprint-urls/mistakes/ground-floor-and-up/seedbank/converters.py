"""What stands in addresses, beyond Flask's own kinds."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import BaseConverter

from seedbank.models import NUMBER


class NumberConverter(BaseConverter):
    """An accession's number, of either kind. The older one has a slash."""

    regex = NUMBER.pattern


class CodeConverter(BaseConverter):
    """A box's code: three digits, the leading zeros among them."""

    regex = r"\d{3}"


def register(app: Flask) -> None:
    """Call this before any blueprint is registered."""
    app.url_map.converters.update(number=NumberConverter, code=CodeConverter)
