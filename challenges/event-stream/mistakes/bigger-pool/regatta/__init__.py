"""Live results of a regatta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from regatta import broker, cli, errors, events, races
from regatta.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///regatta.db",
        DB_POOL=5,
        HEARTBEAT=15.0,
        BACKLOG=100,
    )
    app.config.from_prefixed_env("REGATTA")
    app.config.from_mapping(config)
    app.config.setdefault(
        "SQLALCHEMY_ENGINE_OPTIONS",
        {"pool_size": app.config["DB_POOL"], "max_overflow": -1, "pool_timeout": 1},
    )
    db.init_app(app)
    broker.init_app(app)
    errors.init_app(app)
    app.register_blueprint(races.blueprint)
    app.register_blueprint(events.blueprint)
    app.cli.add_command(cli.seed)
    return app
