"""Where requests ask to be led to."""

from urllib.parse import urlsplit

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException


def lead_to(wish: str) -> ResponseReturnValue:
    """To one of this app's own pages; home, if the wish is none."""
    return redirect(wish if _is_a_page(wish) else url_for("pages.home"))


def _is_a_page(wish: str) -> bool:
    if not wish.isprintable() or " " in wish:
        return False
    try:
        parts = urlsplit(wish)
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return False
    try:
        current_app.url_map.bind("here").match(parts.path, method="GET")
    except HTTPException:
        return False
    return wish.startswith("/")
