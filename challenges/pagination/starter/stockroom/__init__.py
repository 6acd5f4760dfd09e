"""Stockroom: the stock of a warehouse for spare parts."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from stockroom import api, cli, errors, website
from stockroom.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`STOCKROOM_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        PER_PAGE=25,
        MAX_PER_PAGE=100,
        SQLALCHEMY_DATABASE_URI="sqlite:///stockroom.db",
    )
    app.config.from_prefixed_env("STOCKROOM")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    app.register_blueprint(api.bp)
    app.register_blueprint(website.bp)
    return app
