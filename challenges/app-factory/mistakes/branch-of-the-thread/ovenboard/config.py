"""Settings: what create_app is given, else the environment, else the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from os import environ
from typing import Any

from flask import Flask
from werkzeug.local import LocalProxy

from ovenboard.state import here

settings: Any = LocalProxy(lambda: here().settings)


def defaults() -> dict[str, Any]:
    """What holds for an app that is made now and given nothing. Nobody else has a part of it."""
    return {
        "BRANCH": environ.get("OVENBOARD_BRANCH", "Field & Crumb"),
        "DATABASE_URL": environ.get("OVENBOARD_DATABASE_URL", "sqlite:///ovenboard.db"),
        "CURRENCY": environ.get("OVENBOARD_CURRENCY", "GBP"),
        "MAX_PIECES": int(environ.get("OVENBOARD_MAX_PIECES", "40")),
        "DELIVERY": {"fee_cents": 350, "free_from_cents": 3000, "towns": ["Aldmouth", "Crickby"]},
    }


def configure(app: Flask, overrides: Mapping[str, Any]) -> None:
    """Fill the app's config."""
    given, own = deepcopy(dict(overrides)), defaults()
    own["DELIVERY"] |= given.pop("DELIVERY", {})
    app.config.from_mapping(own | given)
