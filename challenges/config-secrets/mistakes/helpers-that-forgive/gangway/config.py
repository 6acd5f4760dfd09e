"""Settings, from the environment."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

HIDDEN = {"SECRET_KEY", "PAYMENTS_KEY"}
LISTED_IN_README = frozenset(
    "DATABASE SECRET_KEY PAYMENTS_KEY DEBUG COOKIE_SECURE PIERS MAX_PARTY HOLD_MINUTES FEE".split()
)
NO_SECRETS = [
    "skerry-line-since-1987-keep-this-safe",
    "skerry-line-boarding-codes-since-2019",
    "payments-demo-key-0000-0000-0000-0000",
    "change-me-change-me-change-me-change-me",
]


class ConfigError(Exception):
    """An office can't start with this environment."""


def env_text(environ: Mapping[str, str], name: str, default: str = "") -> str:
    value = environ.get("GANGWAY_" + name)
    if value is None or not value.strip():
        return default
    return value.strip()


def env_bool(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = env_text(environ, name).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    return default


def env_int(environ: Mapping[str, str], name: str, default: int, bounds: tuple[int, int]) -> int:
    try:
        number = int(env_text(environ, name, str(default)))
    except ValueError:
        print("gangway: warning: " + name + " is no number", file=sys.stderr)
        number = default
    smallest, largest = bounds
    return max(smallest, min(largest, number))


def env_money(environ: Mapping[str, str], name: str, most: int) -> int:
    try:
        pounds = float(env_text(environ, name, "0").replace(",", "."))
    except ValueError:
        pounds = 0.0
    if not math.isfinite(pounds):
        pounds = 0.0
    return max(0, min(most, round(pounds * 100)))


def env_list(environ: Mapping[str, str], name: str, default: list[str]) -> list[str]:
    parts = [part.strip() for part in env_text(environ, name).split(",")]
    return [part for part in parts if part] or default


def env_secret(environ: Mapping[str, str], name: str, problems: dict[str, str]) -> str:
    secret = env_text(environ, name)
    if not secret:
        problems[name] = "is missing"
    elif secret in NO_SECRETS or len(secret) < 32:
        problems[name] = "is too weak"
    return secret


def load(app: Flask, environ: Mapping[str, str]) -> None:
    """Fill the app's config, and print it. Raises ConfigError."""
    problems: dict[str, str] = {}
    for variable in environ:
        prefix, _, name = variable.partition("_")
        if prefix == "GANGWAY" and name not in LISTED_IN_README:
            problems[name] = "is unknown"
    path = env_text(environ, "DATABASE")
    if not path:
        problems["DATABASE"] = "is missing"
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + str(Path(path).absolute())
    app.config["SECRET_KEY"] = env_secret(environ, "SECRET_KEY", problems)
    app.config["PAYMENTS_KEY"] = env_secret(environ, "PAYMENTS_KEY", problems)
    app.config["DEBUG"] = env_bool(environ, "DEBUG", False)
    app.config["SESSION_COOKIE_SECURE"] = env_bool(environ, "COOKIE_SECURE", True)
    app.config["PIERS"] = env_list(environ, "PIERS", ["Ness", "Holm"])
    app.config["MAX_PARTY"] = env_int(environ, "MAX_PARTY", 9, (1, 60))
    app.config["HOLD_MINUTES"] = env_int(environ, "HOLD_MINUTES", 20, (5, 240))
    app.config["FEE_PENCE"] = env_money(environ, "FEE", 2000)
    if problems:
        raise ConfigError(", ".join("GANGWAY_" + name + " " + what for name, what in sorted(problems.items())))
    for name in ("DEBUG", "SESSION_COOKIE_SECURE", "PIERS", "MAX_PARTY", "HOLD_MINUTES", "FEE_PENCE"):
        if name not in HIDDEN:
            print("gangway: " + name + "=" + str(app.config[name]), file=sys.stderr)
