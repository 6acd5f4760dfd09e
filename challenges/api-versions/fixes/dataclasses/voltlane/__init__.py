"""Voltlane: a network of charge points, as a JSON API in two versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

from flask import Flask, Response, request

from voltlane import cli, errors, v1, v2
from voltlane.extensions import db


class Voltlane(Flask):
    """Says on every answer of version 1 that it will go, whoever made the answer."""

    def process_response(self, response: Response) -> Response:
        response = super().process_response(response)
        version = request.path.split("/")[1:2]
        if version == ["v1"] and request.path != "/v1":
            response.headers.extend(self.farewell())
        return response

    def farewell(self) -> list[tuple[str, str]]:
        """The headers of RFC 9745 and RFC 8594."""
        days = (date.fromisoformat(self.config[f"V1_{name}_ON"]) for name in ("DEPRECATED", "SUNSET"))
        since, until = (datetime.combine(day, time(), UTC) for day in days)
        link = "<{}>; rel=\"deprecation\"".format(self.config["V1_GUIDE_URL"])
        return [
            ("Deprecation", f"@{since.timestamp():.0f}"),
            ("Sunset", format_datetime(until, usegmt=True)),
            ("Link", link),
        ]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`VOLTLANE_*`)."""
    app = Voltlane(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///voltlane.db",
        V1_DEPRECATED_ON="2026-09-01",
        V1_SUNSET_ON="2027-06-30",
        V1_GUIDE_URL="https://developers.voltlane.example/from-v1-to-v2",
    )
    app.config.from_prefixed_env("VOLTLANE")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    app.register_blueprint(v1.bp)
    app.register_blueprint(v2.bp)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "up"}

    return app
