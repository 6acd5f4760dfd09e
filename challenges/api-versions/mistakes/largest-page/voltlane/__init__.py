"""Voltlane: a network of charge points, as a JSON API in two versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from voltlane import cli, deprecation, errors, v1, v2
from voltlane.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`VOLTLANE_*`)."""
    app = Flask(__name__)
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
    deprecation.register(app)
    app.register_blueprint(v1.bp)
    app.register_blueprint(v2.bp)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "up"}

    return app
