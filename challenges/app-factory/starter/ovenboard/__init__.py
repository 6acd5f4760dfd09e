"""Ovenboard: orders of one branch of a bakery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from ovenboard import about, board, cli, config, db, errors, menu, orders


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the app of one branch. `overrides` are the branch's settings."""
    app = Flask(__name__)
    config.configure(app, overrides or {})
    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for module in (about, menu, orders, board):
        app.register_blueprint(module.bp)
    return app
