"""Bloomhall: carts, orders and the gate of a cash-and-carry for cut flowers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from bloomhall import board, carts, errors, gate, lots, orders, seed
from bloomhall.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` goes over the defaults and the environment (`BLOOMHALL_…`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///bloomhall.db",
        DATA_DIR=app.instance_path,  # for files; the database lies there, too
        CODE_MINUTES=10,
        MOST_WRONG_TRIES=5,
    )
    app.config.from_prefixed_env("BLOOMHALL")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.init_app(app)
    seed.init_app(app)
    for module in (lots, carts, orders, gate, board):
        app.register_blueprint(module.bp)
    return app
