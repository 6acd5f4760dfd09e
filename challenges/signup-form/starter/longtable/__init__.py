"""The long table at Kría House: who joins it, on which evening, and what they can't eat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from longtable import desk, join, members, seed
from longtable.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`LONGTABLE_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///longtable.db",
        PIN_HASH="scrypt",  # a method of werkzeug's generate_password_hash
    )
    app.config.from_prefixed_env("LONGTABLE")
    app.config.from_mapping(config)

    db.init_app(app)
    seed.register(app)
    app.register_blueprint(join.bp)
    app.register_blueprint(members.bp)
    app.register_blueprint(desk.bp)
    return app
