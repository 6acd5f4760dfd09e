"""Parking permits for the residents of a town."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from kerbside import api, errors, machines, pages, permits, residents, security, seed, vehicles
from kerbside.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///kerbside.db",
        SECRET_KEY="for work on one's own machine",
        MACHINE_KEY="for a machine on one's own desk",
        MAP_SERVER="https://tiles.saltholm.example",
    )
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    db.init_app(app)
    app.register_error_handler(HTTPException, errors.answer)
    for part in (pages, residents, permits, vehicles, api, machines):
        app.register_blueprint(part.blueprint)
    security.init_app(app)  # last, so that a page of an error knows who is signed in
    app.cli.add_command(seed.seed_command)
    return app
