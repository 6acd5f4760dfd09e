"""Where things are. Paths are relative to the app's root and have no slash in front; pages have a `<base>` for them."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app, request

from seedbank.models import Accession


def section(slug: str) -> str:
    """The path of a section, without a slash at its end."""
    return quote(current_app.config["SECTION_PATHS"][slug].strip("/"))


def accession(row: Accession) -> str:
    """The path of an accession's page."""
    return "/".join((section(row.section), row.number))


def on_this_server(path: str) -> str:
    """The address of a path for who has asked: below the path by which the app was reached."""
    return f"{request.script_root}/{path}"


def in_full(path: str) -> str:
    """The same with scheme and host, for labels and other places outside of this site."""
    return request.url_root + path
