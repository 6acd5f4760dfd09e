"""The public API of a parcel-tracking service."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from parcels import api, cli, errors, limits, public
from parcels.config import Defaults
from parcels.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the application; `config` overrides the defaults."""
    app = Flask(__name__)
    app.config.from_object(Defaults)
    app.config.from_prefixed_env("PARCELS")
    if config:
        app.config.update(config)

    db.init_app(app)
    limits.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    app.register_blueprint(api.bp)
    app.register_blueprint(public.bp)
    return app
