"""The dispatch desk of a globe maker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from carrierlink import HttpTransport
from flask import Flask

from meridian import carrier, cli, errors, labels, orders
from meridian.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///meridian.db",
        CARRIER_TIMEOUT=4.0,
        CARRIER_DEADLINE=10.0,
        CARRIER_PAUSE=30.0,
        CARRIER_TRANSPORT=HttpTransport(),
        CLOCK=time.monotonic,
        WAIT=time.sleep,
    )
    app.config.from_prefixed_env("MERIDIAN")
    app.config.from_mapping(config)
    db.init_app(app)
    errors.init_app(app)
    carrier.init_app(app)
    app.register_blueprint(orders.blueprint)
    app.register_blueprint(labels.blueprint)
    app.cli.add_command(cli.seed)
    return app
