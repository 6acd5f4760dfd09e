"""Tells everyone who uses version 1 that it will go: RFC 9745 (Deprecation) and RFC 8594 (Sunset)."""

from __future__ import annotations

from flask import Flask, Response, request


def register(app: Flask) -> None:
    """The app's own hook, and not the blueprint's: that one isn't asked for addresses that do not exist."""
    @app.after_request
    def announce(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            response.headers["Deprecation"] = "true"
            response.headers["Sunset"] = app.config["V1_SUNSET_ON"]
            response.headers.add("Link", f'<{app.config["V1_GUIDE_URL"]}>; rel="deprecation"')
        return response
