"""The office's settings as one object, made from the environment."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from gangway.environment import Environment


class ConfigError(Exception):
    """An office can't start with this environment."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("\n".join(f"{variable} {why}." for variable, why in wrong.items()))


@dataclass(frozen=True)
class Settings:
    """All settings but the keys."""

    database: str
    debug: bool
    cookie_secure: bool
    piers: tuple[str, ...]
    max_party: int
    hold_minutes: int
    fee_pence: int

    def shown(self) -> dict[str, str]:
        return {name.upper(): str(value) for name, value in vars(self).items()}


def settings() -> Settings:
    """Those of the office that is at work."""
    return current_app.extensions["gangway"]


def load(app: Flask, environ: Mapping[str, str]) -> None:
    """Configure the app, and print its settings. Raises ConfigError."""
    source = Environment(environ)
    known = {
        "skerry-line-since-1987-keep-this-safe",
        "skerry-line-boarding-codes-since-2019",
        "payments-demo-key-0000-0000-0000-0000",
        "change-me-change-me-change-me-change-me",
    }
    app.secret_key = source.secret("GANGWAY_SECRET_KEY", known)
    app.extensions["payments_key"] = source.secret("GANGWAY_PAYMENTS_KEY", known)
    office = app.extensions["gangway"] = Settings(
        database=source.text("GANGWAY_DATABASE"),
        debug=source.flag("GANGWAY_DEBUG", otherwise=False),
        cookie_secure=source.flag("GANGWAY_COOKIE_SECURE", otherwise=True),
        piers=source.listed("GANGWAY_PIERS", "Ness, Holm"),
        max_party=source.number("GANGWAY_MAX_PARTY", 9, 1, 60),
        hold_minutes=source.number("GANGWAY_HOLD_MINUTES", 20, 5, 240),
        fee_pence=source.cents("GANGWAY_FEE", "0.00", 2000),
    )
    if wrong := source.finish():
        raise ConfigError(wrong)
    app.debug = office.debug
    app.config["SESSION_COOKIE_SECURE"] = office.cookie_secure
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{Path(office.database).absolute()}"
    for name, value in office.shown().items():
        print(f"gangway: {name}={value}", file=sys.stderr)
