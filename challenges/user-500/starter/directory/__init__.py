"""The staff directory: who works here, in which team, and how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from directory import errors, seed, teams, users
from directory.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`DIRECTORY_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        COMPANY_NAME="Tidewater Instruments",
        SQLALCHEMY_DATABASE_URI="sqlite:///directory.db",
    )
    app.config.from_prefixed_env("DIRECTORY")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    seed.register(app)
    app.register_blueprint(users.bp)
    app.register_blueprint(teams.bp)
    return app
