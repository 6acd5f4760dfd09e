"""A county's register of trees under protection."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from treereg import commands, species, trees
from treereg.extensions import db


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///treereg.db")
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    db.init_app(app)
    app.register_blueprint(trees.blueprint)
    app.register_blueprint(species.blueprint)
    app.cli.add_command(commands.db_group)
    app.cli.add_command(commands.seed_command)
    return app
