"""Slate Yard: the boulders of a hall, and what climbers say about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from slateyard import api, beta, boulders, climbers, notes, screen, seed
from slateyard.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`SLATEYARD_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        HALL_NAME="Slate Yard",
        SECRET_KEY="only at home",
        SQLALCHEMY_DATABASE_URI="sqlite:///slateyard.db",
    )
    app.config.from_prefixed_env("SLATEYARD")
    app.config.from_mapping(config)

    app.jinja_env.autoescape = True
    db.init_app(app)
    beta.register(app)
    seed.register(app)
    for blueprint in (boulders.bp, notes.bp, climbers.bp, screen.bp, api.bp):
        app.register_blueprint(blueprint)
    return app
