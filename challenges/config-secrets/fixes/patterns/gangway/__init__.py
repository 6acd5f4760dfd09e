"""Gangway: the ticket office of a ferry line."""

from __future__ import annotations

import os
from collections.abc import Mapping

from flask import Flask

from gangway import boarding, cli, config, counter, errors, payments, sailings, tickets
from gangway.models import db


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Make an office's app. `environ` stands for the environment of the process."""
    app = Flask(__name__)
    config.load(app, os.environ if environ is None else environ)
    db.init_app(app)
    boarding.init_app(app)
    errors.register(app)
    cli.register(app)
    for module in (sailings, counter, tickets, boarding, payments):
        app.register_blueprint(module.bp)
    return app
