"""The wardrobe of the Lantern Lane Theatre: costumes that others hire, and their orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from wardrobe import changes, orders, packing, prices, seed
from wardrobe.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`WARDROBE_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///wardrobe.db")
    app.config.from_prefixed_env("WARDROBE")
    app.config.from_mapping(config)

    db.init_app(app)
    seed.register(app)
    app.add_template_filter(prices.euros)
    app.register_blueprint(orders.bp)
    app.register_blueprint(changes.bp)
    app.register_blueprint(packing.bp)
    return app
