"""Interloan: the libraries of a county lend each other books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from interloan import access, catalogue, cli, errors, index, loans
from interloan.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`INTERLOAN_*`)."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///interloan.db",
        SERVICE_NAME="Interloan",
    )
    app.config.from_prefixed_env("INTERLOAN")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for blueprint in (index.bp, catalogue.bp, loans.bp, access.bp):
        app.register_blueprint(blueprint)
    return app
