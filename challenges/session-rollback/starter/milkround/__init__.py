"""The milk round: what the co-operative's tankers fetched, from which farm, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from milkround import errors, farms, pickups, rounds, seed, sync
from milkround.database import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`MILKROUND_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(DATABASE_URL="sqlite:///milkround.db")
    app.config.from_prefixed_env("MILKROUND")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    seed.register(app)
    app.register_blueprint(farms.bp)
    app.register_blueprint(pickups.bp)
    app.register_blueprint(rounds.bp)
    app.register_blueprint(sync.bp)
    return app
