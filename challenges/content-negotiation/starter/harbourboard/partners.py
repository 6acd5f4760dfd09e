"""Lets the pages of partners (pilots, tugs, agents) read the board from a browser."""

from __future__ import annotations

from flask import Flask, Response, current_app, request


def _allow(response: Response) -> Response:
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in current_app.config["PARTNER_ORIGINS"]:
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def register(app: Flask) -> None:
    """Say in every answer of `app` who may read it."""
    app.after_request(_allow)
