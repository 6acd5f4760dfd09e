"""Pestle: the repeat prescriptions of a pharmacy."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from pestle import api, cli, desk, errors, logs, reorder
from pestle.extensions import db
from pestle.logs import LoggedFlask
from pestle.partners import DemoMailer, DemoWholesaler


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the app of one pharmacy. `config` overrides the defaults and the environment (`PESTLE_*`)."""
    app = LoggedFlask(__name__)
    app.config.from_mapping(
        PHARMACY="Marlow Street Pharmacy",
        SQLALCHEMY_DATABASE_URI="sqlite:///pestle.db",
        WHOLESALER=DemoWholesaler(),
        WHOLESALER_KEY="demo/4hT9+xkQ2w==",
        MAILER=DemoMailer(),
    )
    app.config.from_prefixed_env("PESTLE")
    app.config.from_mapping(config)

    db.init_app(app)
    logs.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    for blueprint in (api.bp, reorder.bp, desk.bp):
        app.register_blueprint(blueprint)
    return app
