"""Keeps visitors to HTTPS where the site has it."""

from __future__ import annotations

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from trails import outside


def register(app: Flask) -> None:
    if not app.config["HTTPS_ONLY"]:
        return

    @app.before_request
    def to_https() -> ResponseReturnValue | None:
        if outside.scheme() == "https" or request.endpoint == "health.show":
            return None
        path = request.full_path if request.query_string else request.path
        return redirect(outside.root().replace("http://", "https://", 1) + path, 308)
