"""The members' pages of an allotment association."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from allotment import auth, pages, seed, shifts
from allotment.extensions import db
from allotment.sessions import DatabaseSessions


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///allotment.db",
        SESSION_COOKIE_NAME="plots",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PASSWORD_METHOD="scrypt",
    )
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    app.session_interface = DatabaseSessions()
    db.init_app(app)
    for part in (auth, pages, shifts):
        app.register_blueprint(part.blueprint)
    app.cli.add_command(seed.seed_command)
    return app
