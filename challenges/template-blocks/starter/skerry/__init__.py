"""Skerry: the website of a radio station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from skerry import errors, filters, layout, listeners, pages, saved, seed
from skerry.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`SKERRY_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        STATION_NAME="Radio Skerry",
        STREAM_URL="https://stream.skerry.example/live",
        SECRET_KEY="only at home",
        SQLALCHEMY_DATABASE_URI="sqlite:///skerry.db",
    )
    app.config.from_prefixed_env("SKERRY")
    app.config.from_mapping(config)

    db.init_app(app)
    for module in (errors, filters, layout, seed):
        module.register(app)
    for blueprint in (pages.bp, listeners.bp, saved.bp):
        app.register_blueprint(blueprint)
    return app
