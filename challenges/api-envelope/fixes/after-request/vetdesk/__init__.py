"""Vetdesk: the appointments of a veterinary clinic."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from vetdesk import api, cli, envelope, website
from vetdesk.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`VETDESK_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        CLINIC_NAME="Hollow Lane",
        DESK_PIN="0000",
        MAX_CONTENT_LENGTH=16_384,
        SQLALCHEMY_DATABASE_URI="sqlite:///vetdesk.db",
    )
    app.config.from_prefixed_env("VETDESK")
    app.config.from_mapping(config)

    db.init_app(app)
    cli.register(app)
    website.register(app)
    app.register_blueprint(api.bp)
    envelope.init_app(app)
    return app
