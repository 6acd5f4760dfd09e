"""The catalogue of a seed bank: what is kept, where it lies, and what was taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from seedbank import api, converters, errors, legacy, pages, section, seed, store
from seedbank.extensions import db
from seedbank.sections import SECTIONS


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`SEEDBANK_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        BANK_NAME="Tromsdal Seed Bank",
        SECTION_PATHS={"wild": "/wild", "crops": "/crops"},
        SQLALCHEMY_DATABASE_URI="sqlite:///seedbank.db",
    )
    app.config.from_prefixed_env("SEEDBANK")
    app.config.from_mapping(config)

    db.init_app(app)
    converters.register(app)
    errors.register(app)
    seed.register(app)
    app.register_blueprint(pages.bp)
    for slug in SECTIONS:
        app.register_blueprint(section.bp, name=slug, url_prefix=app.config["SECTION_PATHS"][slug])
    app.register_blueprint(store.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(legacy.bp)

    @app.context_processor
    def for_templates() -> dict[str, Any]:
        return {"bank": app.config["BANK_NAME"], "sections": SECTIONS}

    return app
