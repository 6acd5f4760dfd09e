"""The desk of an observatory: hours at its telescopes, and who has booked them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from skerry import bookings, cli, database, errors, health, nights, trail


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        DATABASE_URL="sqlite:///skerry.db",
        DB_CONNECTIONS=3,
        DB_WAIT=2,
        DB_RETRY_AFTER=5,
        WEATHER=lambda date: "no forecast",
    )
    app.config.from_prefixed_env("SKERRY")
    app.config.from_mapping(config)

    database.init_app(app)
    errors.init_app(app)
    for blueprint in (nights.blueprint, bookings.blueprint, trail.blueprint, health.blueprint):
        app.register_blueprint(blueprint)
    app.cli.add_command(cli.seed)
    return app
