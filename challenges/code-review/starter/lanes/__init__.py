"""Swimming lessons: courses, families, bookings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from lanes import bookings, bills, courses, people
from lanes.models import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="8f1c7b6a-swim-2026",
        SQLALCHEMY_DATABASE_URI="sqlite:///lanes.db",
        CSV_FOLDER="csv",
    )
    app.config.from_prefixed_env("LANES")
    app.config.from_mapping(config)
    db.init_app(app)
    for part in (people, courses, bookings, bills):
        app.register_blueprint(part.blueprint)
    return app
