"""Millrace: an exchange whose members pay each other in credits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from millrace import accounts, collecting, errors, seed, transfers
from millrace.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` goes over the defaults and the `FLASK_…` environment variables."""
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///millrace.db")
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})

    db.init_app(app)
    errors.register(app)
    seed.register(app)
    app.register_blueprint(accounts.bp)
    app.register_blueprint(transfers.bp)
    app.register_blueprint(collecting.bp)
    return app
