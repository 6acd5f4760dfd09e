"""Belfry, a society's register of church bells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from belfry import bells, cli, errors, export, founders, towers
from belfry.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`BELFRY_*`)."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///belfry.db")
    app.config.from_prefixed_env("BELFRY")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for blueprint in (bells.bp, export.bp, founders.bp, towers.bp):
        app.register_blueprint(blueprint)
    return app
