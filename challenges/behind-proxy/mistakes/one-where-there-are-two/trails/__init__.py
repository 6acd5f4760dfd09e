"""The state of hiking trails, as those who walk them report it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from trails import api, desk, errors, feed, health, https, pages, seed
from trails.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`TRAILS_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="only-for-development",
        SQLALCHEMY_DATABASE_URI="sqlite:///trails.db",
        PROXIES=0,
        HTTPS_ONLY=False,
        OFFICE=["127.0.0.0/8"],
        DAILY=10,
    )
    app.config.from_prefixed_env("TRAILS")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    https.register(app)
    seed.register(app)
    for module in (health, pages, feed, api, desk):
        app.register_blueprint(module.bp)

    if app.config["PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)
    return app
