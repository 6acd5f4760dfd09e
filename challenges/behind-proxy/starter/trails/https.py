"""Keeps visitors to HTTPS where the site has it."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue


def register(app: Flask) -> None:
    if not app.config["HTTPS_ONLY"]:
        return

    @app.before_request
    def to_https() -> ResponseReturnValue | None:
        if request.is_secure or request.endpoint == "health.show":
            return None
        return redirect(request.url.replace("http://", "https://", 1), 308)
