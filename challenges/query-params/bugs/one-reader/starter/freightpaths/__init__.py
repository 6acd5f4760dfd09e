"""Freight paths: what a rail network has to sell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from freightpaths import cli, errors
from freightpaths.extensions import db
from freightpaths.pages import paths, terminals, wagons


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`FREIGHTPATHS_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///timetable.db")
    app.config.from_prefixed_env("FREIGHTPATHS")
    app.config.from_mapping(config)
    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for module in (paths, wagons, terminals):
        app.register_blueprint(module.bp)
    return app
