"""Ovenboard: orders of one branch of a bakery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from ovenboard import about, board, cli, config, errors, menu, orders
from ovenboard.db import Database
from ovenboard.menu import Menu
from ovenboard.pricing import Pricing


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Make the app of one branch. `overrides` are the branch's settings.

    Everything that belongs to the branch is made here and handed on; no module keeps anything.
    """
    app = Flask(__name__)
    config.configure(app, overrides or {})
    database = Database(app)
    pricing = Pricing(app.config)
    products = Menu(database)
    errors.register(app)
    cli.register(app, database, products)
    app.add_template_filter(pricing.money)
    app.register_blueprint(about.bp)
    app.register_blueprint(menu.blueprint(products, pricing))
    app.register_blueprint(orders.blueprint(app.config, database, products, pricing))
    app.register_blueprint(board.blueprint(app.config["BRANCH"], database))
    return app
