"""Descant: the site of a choir, for its members and for those who come to listen."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask

from descant import auth, box_office, cache, concerts, errors, members, notices, rehearsals, seed, visitors
from descant.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` goes over the defaults and the environment (`DESCANT_…`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="only for development",
        SQLALCHEMY_DATABASE_URI="sqlite:///descant.db",
        PERMANENT_SESSION_LIFETIME=timedelta(days=31),
        BOX_OFFICE=box_office.demo,
    )
    app.config.from_prefixed_env("DESCANT")
    app.config.from_mapping(config)

    db.init_app(app)
    app.extensions["pages"] = cache.PageCache()
    errors.init_app(app)
    visitors.init_app(app)
    seed.init_app(app)
    app.before_request(auth.load)
    for module in (auth, concerts, rehearsals, members, notices):
        app.register_blueprint(module.bp)
    return app
