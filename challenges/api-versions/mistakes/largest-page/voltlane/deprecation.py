"""Tells everyone who uses version 1 that it will go: RFC 9745 (Deprecation) and RFC 8594 (Sunset)."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, Response, request
from werkzeug.http import http_date


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def register(app: Flask) -> None:
    """The app's own hook, and not the blueprint's: that one isn't asked for addresses that do not exist."""
    begun = _midnight(app.config["V1_DEPRECATED_ON"])
    ends = _midnight(app.config["V1_SUNSET_ON"])

    @app.after_request
    def announce(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            response.headers["Deprecation"] = f"@{int(begun.timestamp())}"
            response.headers["Sunset"] = http_date(ends)
            response.headers.add("Link", f'<{app.config["V1_GUIDE_URL"]}>; rel="deprecation"')
        return response
