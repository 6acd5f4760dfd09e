"""Settings, from the environment."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

SECRET_KEY = "skerry-line-since-1987-keep-this-safe"
PRINTED = (
    "SQLALCHEMY_DATABASE_URI",
    "SECRET_KEY",
    "PAYMENTS_KEY",
    "DEBUG",
    "SESSION_COOKIE_SECURE",
    "PIERS",
    "MAX_PARTY",
    "HOLD_MINUTES",
    "FEE",
)


class ConfigError(Exception):
    """An office can't start with this environment."""


def load(app: Flask, environ: Mapping[str, str]) -> None:
    """Fill the app's config, and print it. Raises ConfigError."""
    if not environ.get("GANGWAY_DATABASE"):
        raise ConfigError("GANGWAY_DATABASE is not set.")
    database = Path(environ["GANGWAY_DATABASE"]).absolute()
    app.config.update(
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}",
        SECRET_KEY=SECRET_KEY,
        PAYMENTS_KEY=environ.get("GANGWAY_PAYMENTS_KEY", "payments-demo-key-0000-0000-0000-0000"),
        DEBUG=environ.get("GANGWAY_DEBUG", True),
        SESSION_COOKIE_SECURE=bool(environ.get("GANGWAY_COOKIE_SECURE", True)),
        PIERS=environ.get("GANGWAY_PIERS", ["Ness", "Holm"]),
        MAX_PARTY=environ.get("GANGWAY_MAX_PARTY", 9),
        HOLD_MINUTES=environ.get("GANGWAY_HOLD_MINUTES", 20),
        FEE=float(environ.get("GANGWAY_FEE", 0)),
    )
    for name in PRINTED:
        print(f"gangway: {name}={app.config[name]}", file=sys.stderr)
