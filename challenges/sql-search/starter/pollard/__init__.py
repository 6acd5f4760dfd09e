"""Pollard, the county's register of notable trees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from pollard import cli, errors, export, parishes, species, trees
from pollard.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`POLLARD_*`)."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///pollard.db")
    app.config.from_prefixed_env("POLLARD")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for blueprint in (trees.bp, export.bp, species.bp, parishes.bp):
        app.register_blueprint(blueprint)
    return app
