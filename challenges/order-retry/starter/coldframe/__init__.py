"""Coldframe: mail order for seeds and young plants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from coldframe import cli, errors, internal, orders, products
from coldframe.extensions import db
from coldframe.mail import LogMailer
from coldframe.payments import SandboxProvider


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app. `config` goes over the defaults and the `FLASK_…` environment variables."""
    app = Flask(__name__)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///coldframe.db")
    app.config.from_prefixed_env()
    app.config.from_mapping(config or {})
    app.config.setdefault("PAYMENT_PROVIDER", SandboxProvider())
    app.config.setdefault("MAILER", LogMailer())

    db.init_app(app)
    errors.register(app)
    cli.register(app)
    app.register_blueprint(products.bp)
    app.register_blueprint(orders.bp)
    app.register_blueprint(internal.bp)
    return app
