"""Pressroom: the publishing service behind our magazine sites."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from pressroom import api, cache, cli, errors, feed
from pressroom.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` goes over the defaults and the `FLASK_…` environment variables."""
    app = Flask(__name__)
    app.config.from_mapping(
        SITE_NAME="Pressroom",
        SQLALCHEMY_DATABASE_URI="sqlite:///pressroom.db",
    )
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})

    db.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    cache.init_app(app)
    app.register_blueprint(api.bp)
    app.register_blueprint(feed.bp)
    return app
