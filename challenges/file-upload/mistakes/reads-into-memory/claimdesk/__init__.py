"""The claims desk: evidence that policy holders and repair shops send in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask

from claimdesk import claims, cli, desk, errors, estimates, files, photos
from claimdesk.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`CLAIMDESK_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///claims.db",
        EVIDENCE_DIR=os.path.join(app.instance_path, "evidence"),
        MAX_PHOTO_BYTES=12_000_000,
        MAX_ESTIMATE_BYTES=4_000_000,
        MAX_REQUEST_BYTES=40_000_000,
    )
    app.config.from_prefixed_env("CLAIMDESK")
    app.config.from_mapping(config)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_REQUEST_BYTES"]

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    for module in (claims, photos, estimates, files, desk):
        app.register_blueprint(module.bp)
    return app
