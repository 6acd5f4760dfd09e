"""Vellum & Ward, translations: documents come in from clients, translators work on them, managers see to both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from vellum import cli, documents, errors, figures, glossaries, notes, people, work
from vellum.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`VELLUM_*`)."""
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///vellum.db")
    app.config.from_prefixed_env("VELLUM")
    app.config.from_mapping(config)

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    people.register(app)
    for blueprint in (documents.bp, notes.bp, work.bp, glossaries.bp, figures.bp):
        app.register_blueprint(blueprint)
    return app
