"""The archive of drill cores: whose they are, who may see them, and what was done with them."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from coreshed import about, assays, cores, errors, exports, hooks, scans, seed
from coreshed.extensions import db
from coreshed.services import DemoLab, DemoScanner
from coreshed.tables import LightTables


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` overrides the defaults and the environment (`CORESHED_*`)."""
    app = Flask(__name__)
    app.config.from_mapping(
        SQLALCHEMY_DATABASE_URI="sqlite:///coreshed.db",
        LIGHT_TABLES=2,
        LABS=[DemoLab("Nordanalys"), DemoLab("Hexagon Assay")],
        SCANNER=DemoScanner(),
    )
    app.config.from_prefixed_env("CORESHED")
    app.config.from_mapping(config)

    db.init_app(app)
    app.extensions["light_tables"] = LightTables(app.config["LIGHT_TABLES"])
    errors.register(app)
    hooks.register(app)
    seed.register(app)
    for module in (about, cores, exports, assays, scans):
        app.register_blueprint(module.bp)
    return app
