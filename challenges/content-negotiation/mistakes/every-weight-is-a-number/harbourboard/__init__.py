"""The harbour board: which ships are expected, when, and at which berth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from harbourboard import berths, calls, errors, formats, partners, seed
from harbourboard.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`HARBOUR_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///harbour.db",
        HARBOUR_NAME="Port of Skelling",
        PARTNER_ORIGINS=["https://pilots.skelling.example"],
    )
    app.config.from_prefixed_env("HARBOUR")
    app.config.from_mapping(config)
    app.json.sort_keys = False

    db.init_app(app)
    errors.register(app)
    formats.register(app)
    partners.register(app)
    seed.register(app)
    app.register_blueprint(calls.bp)
    app.register_blueprint(berths.bp)
    return app
