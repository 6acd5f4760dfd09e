"""The register of Weavers' Hall, a museum of textiles: objects, their lenders, and the exhibitions that show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from weavers import errors, exhibitions, items, lists, places, seed, today
from weavers.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`WEAVERS_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///weavers.db")
    app.config.from_prefixed_env("WEAVERS")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    seed.register(app)
    for module in (items, exhibitions, places, lists, today):
        app.register_blueprint(module.bp)
    return app
